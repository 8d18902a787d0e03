"""What the queries of Nexmark come to: a slow and obvious reference, by plain maps over all events.

`rows(query, events)` returns the rows as dictionaries, in no order. `events` are dictionaries as `nexmark --dump-events` writes
them; the place of an event in the list is its number.
"""
import collections
import datetime
from fractions import Fraction


def of_type(events, kind):
    return [event for event in events if event["type"] == kind]


def bids_of(events):
    return of_type(events, "bid")


def pick(event, *columns):
    return {column: event[column] for column in columns}


def in_euros(price):
    """Exact, and written with at most three places."""
    exact = Fraction(price * 908, 1000)
    return int(exact) if exact.denominator == 1 else float(exact)


PASSED = ("auction", "bidder", "price", "dateTime", "extra")
BID = ("auction", "bidder", "price", "channel", "url", "dateTime", "extra")
AUCTION = ("id", "itemName", "description", "initialBid", "reserve", "dateTime", "expires", "seller", "category", "extra")


def q0(events):
    return [pick(bid, *PASSED) for bid in bids_of(events)]


def q1(events):
    return [pick(bid, *PASSED) | {"price": in_euros(bid["price"])} for bid in bids_of(events)]


def q2(events):
    return [pick(bid, "auction", "price") for bid in bids_of(events) if bid["auction"] % 123 == 0]


def q3(events):
    people = {person["id"]: person for person in of_type(events, "person") if person["state"] in ("OR", "ID", "CA")}
    return [pick(people[auction["seller"]], "name", "city", "state") | {"id": auction["id"]}
            for auction in of_type(events, "auction") if auction["category"] == 10 and auction["seller"] in people]


def winners(events):
    """Pairs of an auction and the bid that won it, in the order of the auctions' ends."""
    bids = collections.defaultdict(list)
    for number, event in enumerate(events):
        if event["type"] == "bid":
            bids[event["auction"]].append((number, event))
    pairs = []
    for auction in of_type(events, "auction"):
        valid = [(-bid["price"], bid["dateTime"], number, bid) for number, bid in bids[auction["id"]]
                 if auction["dateTime"] <= bid["dateTime"] <= auction["expires"]]
        if valid:
            pairs.append((auction, min(valid, key=lambda one: one[:3])[3]))
    return sorted(pairs, key=lambda pair: (pair[0]["expires"], pair[0]["id"]))


def q4(events):
    finals = collections.defaultdict(list)
    for auction, bid in winners(events):
        finals[auction["category"]].append(bid["price"])
    return [{"category": category, "avg": sum(prices) // len(prices)} for category, prices in finals.items()]


def q5(events, length=10_000, slide=2_000):
    counts = collections.defaultdict(collections.Counter)
    for bid in bids_of(events):
        start = bid["dateTime"] // slide * slide
        while start > bid["dateTime"] - length:
            counts[start][bid["auction"]] += 1
            start -= slide
    rows = []
    for start, of_window in counts.items():
        most = max(of_window.values())
        rows += [{"window_start": start, "auction": auction, "num": num} for auction, num in of_window.items() if num == most]
    return rows


def q6(events, length=10):
    prices = collections.defaultdict(list)
    rows = []
    for auction, bid in winners(events):
        of_seller = prices[auction["seller"]]
        of_seller.append(bid["price"])
        last = of_seller[-length:]
        rows.append({"seller": auction["seller"], "avg_price": sum(last) // len(last), "expires": auction["expires"],
                     "id": auction["id"]})
    return rows


def q7(events, length=10_000):
    windows = collections.defaultdict(list)
    for bid in bids_of(events):
        windows[bid["dateTime"] // length * length].append(bid)
    rows = []
    for start, bids in windows.items():
        highest = max(bid["price"] for bid in bids)
        rows += [{"window_start": start} | pick(bid, *PASSED) for bid in bids if bid["price"] == highest]
    return rows


def q8(events, length=10_000):
    sellers = {(auction["seller"], auction["dateTime"] // length) for auction in of_type(events, "auction")}
    return [{"id": person["id"], "name": person["name"], "window_start": person["dateTime"] // length * length}
            for person in of_type(events, "person") if (person["id"], person["dateTime"] // length) in sellers]


def q9(events):
    return [pick(auction, *AUCTION) | pick(bid, "auction", "bidder", "price") |
            {"bid_dateTime": bid["dateTime"], "bid_extra": bid["extra"]} for auction, bid in winners(events)]


def q11(events, gap=10_000):
    times = collections.defaultdict(list)
    for bid in bids_of(events):
        times[bid["bidder"]].append(bid["dateTime"])
    rows = []
    for bidder, of_bidder in times.items():
        session = []
        for time in sorted(of_bidder) + [None]:
            if session and (time is None or time - session[-1] > gap):
                rows.append({"bidder": bidder, "bid_count": len(session), "window_start": session[0],
                             "window_end": session[-1] + gap})
                session = []
            session.append(time)
    return rows


def q13(events):
    return [pick(bid, "auction", "bidder", "price", "dateTime") | {"value": str(bid["auction"] % 10_000)}
            for bid in bids_of(events)]


def q14(events):
    rows = []
    for bid in bids_of(events):
        if 1_000_000 < Fraction(bid["price"] * 908, 1000) < 50_000_000:
            hour = bid["dateTime"] // 3_600_000 % 24
            kind = "dayTime" if 8 <= hour <= 18 else "nightTime" if hour <= 6 or hour >= 20 else "otherTime"
            rows.append(pick(bid, *PASSED) | {"price": in_euros(bid["price"]), "bidTimeType": kind,
                                              "c_counts": bid["extra"].count("c")})
    return rows


def day(bid):
    return (datetime.date(1970, 1, 1) + datetime.timedelta(days=bid["dateTime"] // 86_400_000)).isoformat()


def rank(price):
    return 1 if price < 10_000 else 2 if price < 1_000_000 else 3


def statistics(bids):
    row = {}
    for name, what in (("bids", None), ("bidders", "bidder"), ("auctions", "auction")):
        def count(of):
            return len(of) if what is None else len({bid[what] for bid in of})
        row["total_" + name] = count(bids)
        for number in (1, 2, 3):
            row[f"rank{number}_{name}"] = count([bid for bid in bids if rank(bid["price"]) == number])
    return row


def grouped(bids, key):
    groups = collections.defaultdict(list)
    for bid in bids:
        groups[key(bid)].append(bid)
    return groups.items()


def q15(events):
    return [{"day": of} | statistics(bids) for of, bids in grouped(bids_of(events), day)]


def q16(events):
    rows = []
    for (channel, of), bids in grouped(bids_of(events), lambda bid: (bid["channel"], day(bid))):
        minute = max(bid["dateTime"] // 60_000 % 1440 for bid in bids)
        rows.append({"channel": channel, "day": of, "minute": f"{minute // 60:02}:{minute % 60:02}"} | statistics(bids))
    return rows


def q17(events):
    rows = []
    for (auction, of), bids in grouped(bids_of(events), lambda bid: (bid["auction"], day(bid))):
        prices = [bid["price"] for bid in bids]
        ranks = collections.Counter(rank(price) for price in prices)
        rows.append({"auction": auction, "day": of, "total_bids": len(prices), "rank1_bids": ranks[1],
                     "rank2_bids": ranks[2], "rank3_bids": ranks[3], "min_price": min(prices), "max_price": max(prices),
                     "avg_price": sum(prices) // len(prices), "sum_price": sum(prices)})
    return rows


def q18(events):
    last = {}
    for bid in bids_of(events):  # in the order of numbers, and so of times
        last[bid["bidder"], bid["auction"]] = bid
    return [pick(bid, *BID) for bid in last.values()]


def q19(events):
    numbered = [(number, event) for number, event in enumerate(events) if event["type"] == "bid"]
    rows = []
    for _, bids in grouped(numbered, lambda pair: pair[1]["auction"]):
        bids.sort(key=lambda pair: (-pair[1]["price"], pair[1]["dateTime"], pair[0]))
        rows += [pick(bid, *BID) | {"rank_number": place} for place, (_, bid) in enumerate(bids[:10], 1)]
    return rows


def q20(events):
    auctions = {auction["id"]: auction for auction in of_type(events, "auction") if auction["category"] == 10}
    rows = []
    for bid in bids_of(events):
        if bid["auction"] in auctions:
            rows.append(pick(auctions[bid["auction"]], *AUCTION[1:]) | pick(bid, *BID[:5]) |
                        {"bid_dateTime": bid["dateTime"], "bid_extra": bid["extra"]})
    return rows


def q21(events):
    known = {"apple": "0", "google": "1", "facebook": "2", "baidu": "3"}
    rows = []
    for bid in bids_of(events):
        found = known.get(bid["channel"].lower())
        if found is None:
            for part in bid["url"].split("&"):
                if found is None and part.startswith("channel_id="):
                    found = part.removeprefix("channel_id=")
        if found is not None:
            rows.append(pick(bid, "auction", "bidder", "price", "channel") | {"channel_id": found})
    return rows


def q22(events):
    rows = []
    for bid in bids_of(events):
        pieces = bid["url"].split("/")
        rows.append(pick(bid, "auction", "bidder", "price", "channel") |
                    {"dir1": pieces[3], "dir2": pieces[4], "dir3": pieces[5]})
    return rows


def rows(query, events):
    return globals()[f"q{query}"](events)
