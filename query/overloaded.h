#pragma once

namespace trailsift::query {

/// A visitor made of lambdas, for std::visit. Without a catch-all lambda, a new alternative does
/// not compile until every visit handles it.
template <class... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};

template <class... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

}  // namespace trailsift::query
