"""Sentiment of messages: off unless an admin turns it on; a text comes in, a small number goes out."""
