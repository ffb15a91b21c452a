"""Views of members by name: who did most, and what one of them did."""
