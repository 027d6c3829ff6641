"""Dingdan 订单: orders and returns, from the basket to the refund."""

__version__ = "0.1.0"
