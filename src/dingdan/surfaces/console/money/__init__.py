"""Desks of money: refunds, statements of providers, what merchants are owed, payouts and invoices."""
