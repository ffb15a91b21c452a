"""The activities, one file a family."""
