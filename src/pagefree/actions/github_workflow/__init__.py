"""Start a workflow of GitHub Actions."""
