"""The folds, one file a family of activities."""
