"""Pure decisions about disputes: who has to prove what, and which rulings fit."""
