"""portal: what buyers see of one order, on a phone, without an account."""
