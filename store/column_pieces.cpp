#include <vector>

#include "schema/words.h"
#include "store/column.h"

namespace trailsift::store {
namespace {

std::uint32_t pieces_in(std::string_view value, PieceReader& reader) {
  std::uint32_t pieces = 0;
  for (reader.begin(value); reader.next();) ++pieces;
  return pieces;
}

}  // namespace

Column::PieceTotal Column::piece_total() const {
  std::call_once(totals_->pieces_once, [this] {
    PieceReader reader;
    std::vector<std::uint32_t> pieces;  // By rank.
    pieces.reserve(value_count());
    for (Dictionary::Cursor at(dictionary_); !at.at_end(); at.next()) {
      pieces.push_back(pieces_in(at.value(), reader));
    }
    std::vector<std::uint32_t> documents(ordinal_count());
    count(DocRange{0, arrays_.doc_count}, documents);
    for (std::uint32_t ordinal = 1; ordinal < documents.size(); ++ordinal) {
      std::uint64_t of_one = 0;
      for (const std::uint32_t rank : ranks(ordinal)) of_one += pieces[rank];
      totals_->pieces.documents += documents[ordinal];
      totals_->pieces.pieces += documents[ordinal] * of_one;
    }
  });
  return totals_->pieces;
}

Column::PieceTotal Column::piece_total(std::span<const DocId> docs) const {
  PieceTotal total;
  PieceReader reader;
  for (const DocId doc : docs) {
    const std::span<const std::uint32_t> held = ranks(ordinal(doc));
    total.documents += held.empty() ? 0 : 1;
    for (const std::uint32_t rank : held) total.pieces += pieces_in(value(rank), reader);
  }
  return total;
}

}  // namespace trailsift::store
