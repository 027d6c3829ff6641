"""Desks of what comes back: returns, proof, disputes, exchanges, repairs, and parcels without an owner."""
