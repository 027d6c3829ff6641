"""Pure rules of credit: who gets what of a scarce purse, and what may be granted."""
