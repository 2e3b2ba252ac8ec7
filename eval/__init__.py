"""The measuring instrument: questions with their gold passages, metrics, baselines."""
