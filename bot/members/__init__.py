"""Who is a member: the member list of Discord against what is stored."""
