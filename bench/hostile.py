"""Time for hostile text of growing length; it should grow as the text does.

python bench/hostile.py [--size 100000]
"""

import argparse
import time

from zhreport.report import Analyzer

PIECES = "1 一 万 、 ， “ ” （ 《 % 百分之 1元 1, 1%、 第 2023年 1月 增长 分别 全市1个 占1% 三分之 1—".split()


def main() -> None:
    """Print seconds for a quarter and for the whole of the length."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=100_000)
    args = parser.parse_args()
    analyzer = Analyzer()
    print(f"{'text':8} {args.size // 4:>10} {args.size:>10}  characters, seconds")
    for piece in PIECES:
        times = []
        for size in (args.size // 4, args.size):
            text = (piece * size)[:size]
            start = time.perf_counter()
            analyzer.analyze(text, year=2024)
            times.append(time.perf_counter() - start)
        print(f"{piece:8} {times[0]:10.3f} {times[1]:10.3f}  ×{times[1] / max(times[0], 1e-6):.1f}")


if __name__ == "__main__":
    main()
