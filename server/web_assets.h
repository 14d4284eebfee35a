#pragma once

#include <span>
#include <string_view>

namespace trailsift::server {

/// One file of web/, compiled into the program.
struct WebAsset {
  std::string_view path;          ///< Name inside web/: "index.html".
  std::string_view content_type;  ///< Complete header value, with the charset for text.
  std::string_view body;
};

/// Every embedded file, in order of path. Lives as long as the program.
std::span<const WebAsset> web_assets();

}  // namespace trailsift::server
