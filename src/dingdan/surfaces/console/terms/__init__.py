"""Desks of terms: return policies, promotions and coupons, rules of review and clocks."""
