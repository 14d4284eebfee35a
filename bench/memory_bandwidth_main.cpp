// Reads a large array of memory again and again, with one thread and with two, and prints the bytes
// a second of the best pass as JSON: what a scan of columns can be compared with.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <iterator>
#include <numeric>
#include <span>
#include <thread>
#include <vector>

namespace {

constexpr std::size_t kNumbers = (std::size_t{512} << 20) / sizeof(std::uint64_t);
constexpr int kPasses = 8;

// Eight sums at once, so that adding does not wait for adding.
std::uint64_t sum(std::span<const std::uint64_t> numbers) {
  std::uint64_t sums[8] = {};
  for (std::size_t i = 0; i + 8 <= numbers.size(); i += 8) {
    for (std::size_t lane = 0; lane < 8; ++lane) sums[lane] += numbers[i + lane];
  }
  return std::accumulate(std::begin(sums), std::end(sums), std::uint64_t{0});
}

double bytes_a_second(std::span<const std::uint64_t> numbers, std::size_t threads) {
  double best = 0;
  std::vector<std::uint64_t> sums(threads);
  for (int pass = 0; pass < kPasses; ++pass) {
    const auto start = std::chrono::steady_clock::now();
    {
      std::vector<std::jthread> readers;
      const std::size_t part = numbers.size() / threads;
      for (std::size_t i = 0; i < threads; ++i) {
        readers.emplace_back([&, i] { sums[i] += sum(numbers.subspan(i * part, part)); });
      }
    }
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    best = std::max(best, static_cast<double>(numbers.size_bytes()) / taken.count());
  }
  // The sums are used, so that none is left out by the compiler.
  if (std::accumulate(sums.begin(), sums.end(), std::uint64_t{0}) == 0) std::puts("");
  return best;
}

}  // namespace

int main() {
  std::vector<std::uint64_t> numbers(kNumbers);
  std::iota(numbers.begin(), numbers.end(), std::uint64_t{1});
  std::printf("{\"1\": %.0f, \"2\": %.0f}\n", bytes_a_second(numbers, 1),
              bytes_a_second(numbers, 2));
}
