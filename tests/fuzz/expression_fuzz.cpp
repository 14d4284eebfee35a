// Any bytes as expressions, one a line: nothing crashes, errors point into the text, and what
// compiles gives a value below 2^63.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "query/expression.h"
#include "tests/fuzz/require.h"

using namespace trailsift;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<query::NamedExpression> sources;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    sources.push_back({std::string(1, static_cast<char>('a' + sources.size() % 26)),
                       std::string(text.substr(begin, end - begin))});
    begin = end + 1;
  }
  std::size_t wrong = 0;
  const auto compiled = query::compile_expressions(sources, Timestamp(), &wrong);
  if (!compiled) {
    const Error& error = compiled.error();
    require(error.code == ErrorCode::bad_query || error.code == ErrorCode::too_large,
            "an error of the expression");
    require(!error.message.empty() && error.message.size() < 1000, "a message of sensible size");
    require(wrong < sources.size(), "the wrong expression");
    return 0;
  }
  for (const query::Expression& expression : *compiled) {
    for (const double number : {0.0, 1.0, -1e18, 1e308, std::numeric_limits<double>::quiet_NaN()}) {
      const std::vector<double> operands(expression.operands().size(), number);
      require(expression.evaluate(operands) <= std::numeric_limits<std::int64_t>::max(), "a value");
    }
  }
  return 0;
}
