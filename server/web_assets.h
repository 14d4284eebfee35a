#pragma once

#include <span>
#include <string_view>

namespace trailsift::server {

/// One file of the page, compiled into the program.
struct WebAsset {
  std::string_view path;  ///< Below the page's root: "index.html", "assets/app-D3Xy_a8k.js".
  std::string_view content_type;  ///< Complete header value, with the charset for text.
  std::string_view body;
  std::string_view gzip_body = {};  ///< The same, compressed; empty where that gains nothing.
};

/// Every embedded file, in order of path. Lives as long as the program.
std::span<const WebAsset> web_assets();

}  // namespace trailsift::server
