"""The views of ``/serverstats members``."""
