"""Steps of workflows, a folder each; found by their names."""
