"""Views of one thing, looked at closely."""
