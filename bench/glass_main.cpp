#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include <CLI/CLI.hpp>

#include "bench/generate_events.h"
#include "bench/program.h"
#include "store/batch_terms.h"
#include "store/event_batch.h"
#include "store/glass_writer.h"
#include "store/leaf_postings.h"
#include "store/term_merge.h"
#include "store/term_writer.h"

namespace trailsift::bench {
namespace {

namespace fs = std::filesystem;

double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

using Postings = std::map<std::string, std::vector<store::DocId>>;  ///< By term.

/// The terms of generated events, as one segment has them.
struct Index {
  std::uint32_t doc_count = 0;
  Postings postings;

  store::DocumentTerms by_doc() const {
    store::DocumentTerms terms(doc_count);
    for (const auto& [term, docs] : postings) terms.add(term, docs);
    return terms;
  }
};

store::EventBatch generated(std::uint64_t events) {
  const EventGenerator generator({.events = events});
  store::EventBatch batch;
  for (const auto& json : generator.events()) {
    if (batch.read(json)) batch.add_read("");
  }
  return batch;
}

std::vector<std::uint32_t> same_order(const store::EventBatch& batch) {
  std::vector<std::uint32_t> order(batch.size());
  std::iota(order.begin(), order.end(), 0U);
  return order;
}

/// A new directory for the files of a run, removed with it.
class Scratch {
 public:
  explicit Scratch(const fs::path& parent)
      : path_(parent / ("glass-bench-" + std::to_string(::getpid()))) {
    fs::create_directories(path_);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { fs::remove_all(path_); }
  fs::path file(const std::string& name) const { return path_ / name; }

 private:
  fs::path path_;
};

constexpr int kRounds = 3;  ///< Of the quick measurements; the best one counts.

struct Times {
  double invert = 0;
  double order = 0;  ///< Sorting, and reading the lists back.
  double write = 0;
};

Times write_bulk(const fs::path& path, const store::EventBatch& batch) {
  const auto order = same_order(batch);
  std::optional<store::LeafPostings> postings;
  std::optional<store::BatchTerms> terms;
  Times times;
  times.invert = seconds_of([&] {
    postings.emplace(batch, order);
    terms.emplace(batch, *postings);
  });
  times.order = seconds_of(
      [&] { must(terms->for_each([](std::string_view, auto) { return Result<void>(); })); });
  times.write = seconds_of([&] {
    auto writer = must(store::GlassWriter::create(path, static_cast<std::uint32_t>(batch.size())));
    must(terms->for_each([&](std::string_view term, auto docs) { return writer.add(term, docs); }));
    must(writer.finish(false));
  });
  return times;
}

Index index_of(const store::EventBatch& batch) {
  const auto order = same_order(batch);
  const store::LeafPostings postings(batch, order);
  const store::BatchTerms terms(batch, postings);
  Index index{static_cast<std::uint32_t>(batch.size()), {}};
  must(terms.for_each([&](std::string_view term, std::span<const store::DocId> docs) {
    index.postings.emplace(term, std::vector(docs.begin(), docs.end()));
    return Result<void>();
  }));
  return index;
}

void write_index(const fs::path& path, const Index& index) {
  auto writer = must(store::GlassWriter::create(path, index.doc_count));
  for (const auto& [term, docs] : index.postings) must(writer.add(term, docs));
  must(writer.finish(false));
}

double write_stock(const Scratch& scratch, const fs::path& path,
                   const store::DocumentTerms& terms) {
  const store::TermsJob job{path, scratch.file("scratch"), 1};
  return seconds_of([&] { must(store::write_terms(job, terms)); });
}

void compare_writers(const Scratch& scratch, const store::EventBatch& batch, const Index& index) {
  double postings = 0;
  for (const auto& [term, list] : index.postings) postings += static_cast<double>(list.size());
  const auto docs = static_cast<double>(index.doc_count);
  Times bulk = write_bulk(scratch.file("bulk"), batch);
  for (int round = 1; round < kRounds; ++round) {
    const Times again = write_bulk(scratch.file("bulk"), batch);
    bulk.invert = std::min(bulk.invert, again.invert);
    bulk.order = std::min(bulk.order, again.order);
    bulk.write = std::min(bulk.write, again.write);
  }
  const double stock = write_stock(scratch, scratch.file("stock"), index.by_doc());
  std::printf("one segment: %.0f events, %.1f terms each, %.1f of them new\n", docs,
              postings / docs, static_cast<double>(index.postings.size()) / docs);
  const auto row = [&](const char* what, double seconds) {
    std::printf("  %-22s %8.2f us an event %8.3f us a posting\n", what, seconds / docs * 1e6,
                seconds / postings * 1e6);
  };
  row("bulk: invert", bulk.invert);
  row("bulk: order", bulk.order);
  row("bulk: order and write", bulk.write);
  row("stock, 1 thread", stock);
  std::printf("  stock / bulk %.1f, write alone %.1f; bytes: bulk %zu, stock %zu\n",
              stock / (bulk.invert + bulk.write), stock / bulk.write,
              static_cast<std::size_t>(fs::file_size(scratch.file("bulk"))),
              static_cast<std::size_t>(fs::file_size(scratch.file("stock"))));
}

void write_single_postings(const Scratch& scratch) {
  constexpr std::uint32_t kTerms = 1'000'000;
  std::vector<std::string> terms;
  for (std::uint32_t i = 0; i < kTerms; ++i) {
    terms.push_back("LrequestParameters.some.path=" + std::to_string(kTerms + i));
  }
  const double seconds = seconds_of([&] {
    auto writer = must(store::GlassWriter::create(scratch.file("single"), 1000));
    for (std::uint32_t i = 0; i < kTerms; ++i) {
      const std::uint32_t doc = i % 1000;
      must(writer.add(terms[i], {&doc, 1}));
    }
    must(writer.finish(false));
  });
  std::printf("a million terms of one posting: %.3f us each\n", seconds);
}

/// Documents dealt out to `count` inputs: by turns, or a run of them to each.
void compare_merges(const Scratch& scratch, const Index& all, std::size_t count) {
  const std::uint32_t docs = all.doc_count;
  for (const bool overlap : {true, false}) {
    std::vector<store::TermsInput> inputs(count);
    std::vector<Index> parts(count);
    std::vector<std::pair<std::size_t, std::uint32_t>> place_of;
    for (std::uint32_t doc = 0; doc < docs; ++doc) {
      const std::size_t part = overlap ? doc % count : doc * count / docs;
      inputs[part].new_docs.push_back(doc);
      place_of.emplace_back(part, parts[part].doc_count++);
    }
    for (const auto& [term, list] : all.postings) {
      for (const store::DocId doc : list) {
        parts[place_of[doc].first].postings[term].push_back(place_of[doc].second);
      }
    }
    std::vector<fs::path> files;
    for (std::size_t i = 0; i < count; ++i) {
      inputs[i].file = scratch.file("in" + std::to_string(i));
      files.push_back(inputs[i].file);
      write_index(inputs[i].file, parts[i]);
    }
    const double bulk =
        seconds_of([&] { must(store::merge_terms(scratch.file("merged"), inputs, docs, false)); });
    std::printf("merge of %zu %s inputs: bulk %.2f us an event", count,
                overlap ? "overlapping" : "disjoint", bulk / docs * 1e6);
    if (!overlap) {
      const store::TermsJob job{scratch.file("joined"), scratch.file("scratch"), 1};
      const double stock = seconds_of([&] { must(store::join_terms(job, files, docs)); });
      std::printf(", compaction %.2f, ratio %.1f", stock / docs * 1e6, stock / bulk);
    }
    std::printf("\n");
  }
}

int run(int argc, char** argv) {
  std::uint64_t events = 20'000;
  std::size_t inputs = 8;
  std::string directory = fs::temp_directory_path().string();
  CLI::App app{"Measures the bulk writer of inverted indexes against Xapian's."};
  app.add_option("--events", events, "how many events")->capture_default_str();
  app.add_option("--inputs", inputs, "how many inputs of a merge")->capture_default_str();
  app.add_option("--scratch", directory, "where files are written")->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  const Scratch scratch(directory);
  const store::EventBatch batch = generated(events);
  const Index index = index_of(batch);
  compare_writers(scratch, batch, index);
  write_single_postings(scratch);
  compare_merges(scratch, index, inputs);
  return 0;
}

}  // namespace
}  // namespace trailsift::bench

int main(int argc, char** argv) {
  return trailsift::bench::run_program("glass_bench", argc, argv, trailsift::bench::run);
}
