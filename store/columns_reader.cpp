#include "store/columns_reader.h"

#include <algorithm>
#include <compare>
#include <cstring>
#include <functional>
#include <mutex>
#include <utility>

#include "store/bytes.h"
#include "store/column_content.h"

namespace trailsift::store {

/// A section with what it turned out to hold; exactly one of the four once it is open, none for
/// fields that the schema no longer has.
struct ColumnsReader::Section {
  SectionEntry entry;
  std::span<const std::byte> bytes;
  std::optional<Column> column;
  std::optional<TimeSection> times;
  std::optional<IdFilter> id_filter;
  std::optional<WordIndex> words;

  mutable std::once_flag once;  // Guards the first verification, which sets:
  mutable std::optional<Error> fault;
};

namespace {

const std::uint32_t* numbers(const std::byte* bytes) {
  return reinterpret_cast<const std::uint32_t*>(bytes);  // Sections and their arrays are aligned.
}

bool is_shape(const ColumnShape& shape, std::uint64_t section_size) {
  const auto width = shape.ordinal_width;
  return (width == 1 || width == 2 || width == 4) &&
         (shape.offset_width == 4 || shape.offset_width == 8) && shape.tuples <= 1 &&
         shape.value_bytes <= section_size && shape.tuple_rank_count <= section_size &&
         shape.ordinal_count > 0 &&
         (shape.tuples == 1 || shape.ordinal_count == shape.value_count + 1);
}

Column::Arrays arrays_of(const ColumnShape& shape, FieldType type, std::uint32_t doc_count,
                         const std::byte* section) {
  const ColumnLayout layout = layout_of(shape, doc_count);
  Column::Arrays arrays;
  arrays.dictionary.type = type;
  arrays.dictionary.value_count = shape.value_count;
  arrays.dictionary.offset_width = shape.offset_width;
  arrays.dictionary.block_offsets = section + layout.block_offsets;
  arrays.dictionary.bytes = {reinterpret_cast<const char*>(section + layout.value_bytes),
                             shape.value_bytes};
  arrays.doc_count = doc_count;
  arrays.ordinal_count = shape.ordinal_count;
  arrays.ordinal_width = shape.ordinal_width;
  arrays.ordinals = section + layout.ordinals;
  if (shape.tuples != 0) {
    arrays.tuple_offsets = numbers(section + layout.tuple_offsets);
    arrays.tuple_ranks = numbers(section + layout.tuple_ranks);
  }
  return arrays;
}

bool tuples_hold(const Column::Arrays& arrays, std::uint64_t rank_count) {
  if (arrays.tuple_offsets == nullptr) return true;
  const std::span offsets(arrays.tuple_offsets, arrays.ordinal_count);
  const std::span ranks(arrays.tuple_ranks, rank_count);
  return offsets.front() == 0 && offsets.back() == rank_count && std::ranges::is_sorted(offsets) &&
         std::ranges::all_of(
             ranks, [&](std::uint32_t rank) { return rank < arrays.dictionary.value_count; });
}

bool ordinals_hold(const Column& column, std::uint32_t doc_count) {
  for (DocId doc = 0; doc < doc_count; ++doc) {
    if (column.ordinal(doc) >= column.ordinal_count()) return false;
  }
  return true;
}

bool is_ascending(std::span<const std::uint32_t> ranks) {
  return std::ranges::adjacent_find(ranks, std::greater_equal()) == ranks.end();
}

/// The schema's row of a column section, unless it is gone or of another type now.
const Field* row_of(const SectionEntry& entry) {
  const auto row = std::ranges::find(fields(), entry.name, &Field::name);
  if (row == fields().end() || name(row->type) != entry.type || !has_column_section(*row)) {
    return nullptr;
  }
  return &*row;
}

}  // namespace

ColumnsReader::ColumnsReader(MappedFile file, std::string what)
    : file_(std::move(file)), what_(std::move(what)), by_field_(fields().size()) {}

ColumnsReader::~ColumnsReader() = default;

tl::unexpected<Error> ColumnsReader::corrupt(const std::string& message) const {
  return fail(ErrorCode::corrupt, "'" + what_ + "' is corrupt: " + message);
}

Result<std::unique_ptr<ColumnsReader>> ColumnsReader::open(const std::filesystem::path& path) {
  auto file = MappedFile::open(path);
  if (!file) return tl::unexpected(file.error());
  std::unique_ptr<ColumnsReader> reader(new ColumnsReader(std::move(*file), path.string()));
  if (auto done = reader->read_structure(); !done) return tl::unexpected(done.error());
  return reader;
}

Result<void> ColumnsReader::read_structure() {
  const auto bytes = file_.bytes();
  const std::size_t header = kColumnsMagic.size() + sizeof(kColumnsVersion);
  if (bytes.size() < header + kColumnsTrailerBytes) return corrupt("it is too short");
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!text.starts_with(kColumnsMagic) || !text.ends_with(kColumnsEndMagic)) {
    return corrupt("its first or last bytes are not those of a column file");
  }
  const auto version = ByteReader(bytes.subspan(kColumnsMagic.size())).get<std::uint32_t>();
  if (version != kColumnsVersion) {
    return corrupt("expected version " + std::to_string(kColumnsVersion) + ", got " +
                   std::to_string(version));
  }
  ByteReader trailer(bytes.last(kColumnsTrailerBytes));
  const auto offset = trailer.get<std::uint64_t>();
  const auto size = trailer.get<std::uint64_t>();
  const auto expected = trailer.get<std::uint64_t>();
  doc_count_ = trailer.get<std::uint32_t>();
  const std::uint64_t end = bytes.size() - kColumnsTrailerBytes;
  if (offset > end || size != end - offset) return corrupt("its trailer is damaged");
  const auto directory = bytes.subspan(offset, size);
  if (checksum(directory) != expected) return corrupt("the checksum of its directory is wrong");
  auto entries = decode_directory(directory);
  if (!entries) return tl::unexpected(entries.error());
  for (auto& entry : *entries) {
    if (auto done = add_section(std::move(entry)); !done) return done;
  }
  if (times_ == nullptr || id_filter_ == nullptr || words_ == nullptr) {
    return corrupt("a section is missing");
  }
  return {};
}

Result<void> ColumnsReader::add_section(SectionEntry entry) {
  const auto bytes = file_.bytes();
  if (entry.offset > bytes.size() || entry.size > bytes.size() - entry.offset ||
      entry.offset % kSectionAlignment != 0) {
    return corrupt("a section lies outside the file");
  }
  auto section = std::make_unique<Section>();
  section->bytes = bytes.subspan(entry.offset, entry.size);
  section->entry = std::move(entry);
  if (auto done = open_section(*section); !done) return done;
  switch (section->entry.kind) {
    case SectionKind::column:
      if (const Field* row = row_of(section->entry)) by_field_[index_of(*row)] = section.get();
      break;
    case SectionKind::times: times_ = section.get(); break;
    case SectionKind::id_filter: id_filter_ = section.get(); break;
    case SectionKind::words: words_ = section.get(); break;
  }
  sections_.push_back(std::move(section));
  return {};
}

Result<void> ColumnsReader::open_section(Section& section) const {
  const auto& shape = section.entry.shape;
  switch (section.entry.kind) {
    case SectionKind::times: {
      auto times = TimeSection::open(section.bytes, doc_count_);
      if (!times) return corrupt(times.error().message);
      section.times = *times;
      return {};
    }
    case SectionKind::id_filter: {
      auto filter = IdFilter::open(section.bytes);
      if (!filter) return corrupt(filter.error().message);
      section.id_filter = *filter;
      return {};
    }
    case SectionKind::words: {
      auto words = WordIndex::open(section.bytes);
      if (!words) return corrupt(words.error().message);
      section.words = std::move(*words);
      return {};
    }
    case SectionKind::column: {
      if (!is_shape(shape, section.bytes.size()) ||
          layout_of(shape, doc_count_).size != section.bytes.size()) {
        return corrupt("the column '" + section.entry.name + "' has a wrong size");
      }
      const Field* row = row_of(section.entry);
      section.column.emplace(arrays_of(shape, row == nullptr ? FieldType::keyword : row->type,
                                       doc_count_, section.bytes.data()));
      return {};
    }
  }
  return corrupt("it has a section of an unknown kind");
}

Result<void> ColumnsReader::verify(const Section& section) const {
  const std::string named = section.entry.name.empty() ? std::string("a section")
                                                       : "the column '" + section.entry.name + "'";
  if (checksum(section.bytes) != section.entry.checksum) {
    return corrupt("the checksum of " + named + " is wrong");
  }
  if (section.words && !section.words->check()) {
    return corrupt("the numbers of " + named + " are out of range");
  }
  if (!section.column) return {};
  const auto arrays =
      arrays_of(section.entry.shape, FieldType::keyword, doc_count_, section.bytes.data());
  if (!tuples_hold(arrays, section.entry.shape.tuple_rank_count) ||
      !ordinals_hold(*section.column, doc_count_)) {
    return corrupt("the numbers of " + named + " are out of range");
  }
  return {};
}

Result<void> ColumnsReader::verified(const Section& section) const {
  std::call_once(section.once, [&] {
    if (auto done = verify(section); !done) section.fault = done.error();
  });
  if (section.fault) return tl::unexpected(*section.fault);
  return {};
}

Result<const Column*> ColumnsReader::column(FieldIndex field) const {
  const Section* section = by_field_.at(field);
  if (section == nullptr) return nullptr;
  if (auto done = verified(*section); !done) return tl::unexpected(done.error());
  return &*section->column;
}

Result<const TimeSection*> ColumnsReader::times() const {
  if (auto done = verified(*times_); !done) return tl::unexpected(done.error());
  return &*times_->times;
}

Result<const IdFilter*> ColumnsReader::id_filter() const {
  if (auto done = verified(*id_filter_); !done) return tl::unexpected(done.error());
  return &*id_filter_->id_filter;
}

Result<const WordIndex*> ColumnsReader::words() const {
  if (auto done = verified(*words_); !done) return tl::unexpected(done.error());
  return &*words_->words;
}

/// Whether dictionary and tuples ascend strictly. Without the field's row its order is not known.
bool ColumnsReader::is_in_order(const Section& section) {
  const Column& column = *section.column;
  const Field* row = row_of(section.entry);
  if (row == nullptr) return true;
  std::string last;
  for (Dictionary::Cursor cursor(column.dictionary()); !cursor.at_end(); cursor.next()) {
    const auto order = compare_values(row->type, last, cursor.value());
    if (cursor.rank() > 0 && std::is_gteq(order)) return false;
    last = cursor.value();
  }
  for (std::uint32_t ordinal = 1; column.has_tuples() && ordinal < column.ordinal_count();
       ++ordinal) {
    if (!is_ascending(column.ranks(ordinal))) return false;
  }
  return true;
}

std::vector<std::string> ColumnsReader::check() const {
  std::vector<std::string> faults;
  for (const auto& section : sections_) {
    if (const auto done = verified(*section); !done) {
      faults.push_back(done.error().message);
    } else if (section->column && !is_in_order(*section)) {
      faults.push_back(
          corrupt("the column '" + section->entry.name + "' is not in order").value().message);
    }
  }
  return faults;
}

}  // namespace trailsift::store
