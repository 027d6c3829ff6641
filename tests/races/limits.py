"""What there is only so much of on the way from a basket to a parcel, and the tests in which many want it at once."""

import msgspec


class Limited(msgspec.Struct, frozen=True):
    """One limited thing, where its limit is kept, and the tests (`folder/file::test`) in which it is raced for."""

    what: str
    kept_by: str
    tests: tuple[str, ...]


LIMITED = (
    Limited("units on a shelf", "a locked row of stock, CHECK reserved <= on hand",
            ("areas/placement/test_placing.py::test_eight_parallel_orders_for_five_units_make_exactly_five",
             "areas/inventory/test_stock.py::test_eight_at_once_for_five_units_make_five_orders")),
    Limited("free units that orders are to be sent from instead", "the same",
            ("areas/sourcing/test_races.py::test_of_two_splits_for_the_last_free_unit_one_gets_it",
             "areas/sourcing/test_races.py::test_a_split_and_a_sale_never_both_get_the_last_unit")),
    Limited("units of several merchants in one basket", "the same, all rows in one order",
            ("areas/placement/test_several_merchants.py::"
             "test_mixed_baskets_race_for_the_last_units_and_nothing_is_oversold",)),
    Limited("a channel's minimum and its most", "the pool's locked row",
            ("areas/inventory/test_reserving.py::test_a_flood_at_one_channel_leaves_the_others_their_minimum",)),
    Limited("unpaid units of a buyer or a device", "the holder's locked row",
            ("areas/inventory/test_reserving.py::"
             "test_a_buyer_keeps_no_more_unpaid_units_than_the_cap_whatever_comes_at_once",)),
    Limited("units of a product that a buyer may have", "a lock on (buyer, product)",
            ("areas/placement/test_limits.py::test_baskets_of_one_batch_share_what_their_buyer_may_have",
             "races/test_limited.py::test_a_buyer_gets_only_so_many_of_a_thing_however_many_baskets_come_at_once")),
    Limited("a coupon's total", "the promotion's locked row",
            ("areas/pricing/test_claiming.py::test_of_three_hundred_at_once_a_hundred_get_the_coupon",
             "races/test_ten_thousand.py::test_ten_thousand_people_and_one_budget")),
    Limited("a coupon's uses per buyer", "the buyer's count, locked",
            ("areas/pricing/test_claiming.py::test_a_buyer_who_clicks_twice_uses_a_coupon_once",
             "races/test_limited.py::test_many_people_share_one_budget_and_nobody_gets_more_than_allowed")),
    Limited("a coupon of the platform, for checkouts of several merchants", "the promotion's locked row",
            ("areas/placement/test_shared_coupons.py::test_two_checkouts_race_for_the_last_use",
             "areas/placement/test_shared_coupons.py::test_both_orders_that_end_at_the_same_moment_give_it_back_once")),
    Limited("a platform's coupon per person, at whichever merchant", "the person's count, locked",
            ("areas/placement/test_shared_coupons.py::test_one_buyer_races_at_two_merchants_and_uses_it_once",)),
    Limited("guesses at a coupon's code", "the guesser's count",
            ("areas/pricing/test_guessing.py::test_wrong_codes_at_once_are_all_counted",)),
    Limited("a promotion for first orders", "the buyer's count, locked",
            ("areas/pricing/test_claiming.py::"
             "test_a_first_order_promotion_is_for_one_order_however_many_come_first",)),
    Limited("a coupon that was given to somebody, a code of one use", "the grant's locked row",
            ("areas/pricing/test_claiming.py::test_a_code_of_one_use_is_good_for_whoever_brings_it_first",
             "areas/pricing/test_claiming.py::test_a_coupon_that_is_given_away_is_unknown_to_everybody_else")),
    Limited("a presale's quantity", "the promotion's locked row",
            ("races/test_limited.py::test_a_presale_sells_as_many_as_it_has_and_no_more",)),
    Limited("a buyer's points", "the purse's locked row",
            ("areas/credit/test_purses.py::test_forty_holds_at_once_never_overdraw",
             "races/test_limited.py::test_points_are_spent_once_by_baskets_that_come_at_once")),
    Limited("a balance", "the purse's locked row",
            ("areas/payments/test_tenders.py::"
             "test_one_balance_pays_for_two_orders_at_once_only_as_far_as_it_goes",)),
    Limited("money on a card", "the purse's locked row",
            ("races/test_limited.py::test_a_card_is_spent_once_by_orders_that_are_paid_at_once",)),
    Limited("guesses at a card's code", "the guesser's count",
            ("areas/credit/test_cards.py::test_forty_guesses_at_once_are_all_counted",)),
    Limited("one order for a reference, a key or a channel's number", "a unique index",
            ("surfaces/test_idempotency.py::test_forty_at_once_make_one_order",
             "areas/channel_orders/test_recording.py::test_one_number_twenty_times_at_once_is_one_order",
             "races/test_limited.py::test_channel_orders_come_twice_and_in_a_crowd_and_are_written_once",
             "races/test_ten_thousand.py::test_ten_thousand_channel_orders_at_once_many_of_them_twice")),
    Limited("money that came in for an order", "the payment's locked row",
            ("areas/payments/test_settling.py::test_the_same_notification_ten_times_at_once_books_once",)),
    Limited("money that may go back", "the order's locked row",
            ("areas/refunds/test_requesting.py::test_two_refunds_of_the_same_units_at_once_give_exactly_what_fits",)),
    Limited("units that may be cancelled", "the order's locked row",
            ("areas/orders/test_amending.py::test_two_who_cancel_the_same_unit_cancel_it_once",)),
    Limited("the claim of a review", "SKIP LOCKED on its row",
            ("areas/review/test_races.py::test_two_who_claim_never_get_the_same",)),
    Limited("the claim of work in the warehouse", "SKIP LOCKED on its row",
            ("areas/fulfilment/test_work.py::"
             "test_thirty_pickers_empty_a_queue_of_five_thousand_and_none_gets_what_another_has",)),
    Limited("units of a transfer", "the transfer's locked row",
            ("areas/inventory/test_moving.py::test_nothing_arrives_twice",)),
    Limited("the signature under a stocktake", "the stocktake's locked row",
            ("areas/inventory/test_moving.py::test_two_signatures_at_once_book_once",)),
    Limited("a parcel's number", "a unique index",
            ("areas/fulfilment/test_work.py::"
             "test_two_parcels_with_one_number_at_once_are_one_parcel_and_one_refusal",)),
)  # fmt: skip
