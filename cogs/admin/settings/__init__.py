"""What admins set for their server; a setting is a file here and a row in ``registry``."""
