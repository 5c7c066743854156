"""Writes server-optimizers.csv: where a parameter of one number stands after each round, in 50 digits.

Independent of the Java code: written from Algorithm 2 of Reddi et al., Adaptive Federated Optimization (ICLR 2021), for
fedadagrad, fedadam and fedyogi, from m = 0 and v = tau^2, and from section 4.1 of Hsu et al. (2019) for momentum.
Run it with Python 3.8 or later: python3 server_optimizers.py > server-optimizers.csv
"""

from decimal import Decimal as D, getcontext

getcontext().prec = 50
START = D("0.75")
DELTAS = [D(text) for text in ("0.5", "-0.25", "0.125", "0", "-3", "0.001", "0.001", "2")]
CASES = [
    ("fedavg", {}),
    ("fedavg", {"learningRate": "0.3"}),
    ("momentum", {}),
    ("momentum", {"learningRate": "0.5", "momentum": "0.25"}),
    ("fedadagrad", {}),
    ("fedadagrad", {"learningRate": "0.02", "beta1": "0.5", "tau": "0.1"}),
    ("fedadam", {}),
    ("fedadam", {"learningRate": "0.01", "beta1": "0", "beta2": "0.5", "tau": "0.00001"}),
    ("fedyogi", {}),
    ("fedyogi", {"learningRate": "1", "beta1": "0.75", "beta2": "0", "tau": "2"}),
]


def walk(name, options):
    get = lambda key, default: D(options.get(key, default))
    adaptive = name.startswith("feda") and name != "fedavg" or name == "fedyogi"
    rate = get("learningRate", "0.1" if adaptive else "1")
    beta1, beta2 = get("beta1", "0" if name == "fedadagrad" else "0.9"), get("beta2", "0.99")
    tau, momentum = get("tau", "0.001"), get("momentum", "0.9" if name == "momentum" else "0")
    x, m, v, velocity = START, D(0), tau * tau, D(0)
    for delta in DELTAS:
        if adaptive:
            square = delta * delta
            m = beta1 * m + (1 - beta1) * delta
            if name == "fedadagrad":
                v = v + square
            elif name == "fedadam":
                v = beta2 * v + (1 - beta2) * square
            elif v > square:
                v = v - (1 - beta2) * square
            elif v < square:
                v = v + (1 - beta2) * square
            x += rate * m / (v.sqrt() + tau)
        else:
            velocity = momentum * velocity + delta
            x += rate * velocity
        yield x


def main():
    print("optimizer|options|" + "|".join(str(delta) for delta in DELTAS))
    for name, options in CASES:
        text = " ".join(f"{key}={value}" for key, value in options.items())
        print(f"{name}|{text}|" + "|".join(f"{x:.20f}" for x in walk(name, options)))


if __name__ == "__main__":
    main()
