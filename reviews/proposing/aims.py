"""What a proposal may aim at."""

TOTAL, FAIR, LOTTERY = "total", "fair", "lottery"
AIMS = {TOTAL: "the best total", FAIR: "the fairest", LOTTERY: "drawn by lot"}
