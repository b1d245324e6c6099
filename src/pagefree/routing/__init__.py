"""Rules in order: where alerts belong, how they are treated, whether anybody is told."""
