#include "server/listen_address.h"

#include <algorithm>
#include <optional>

#include <boost/asio/ip/address.hpp>

#include "schema/number.h"
#include "server/http.h"

namespace trailsift::server {
namespace {

struct HostAndPort {
  std::string host;
  std::optional<std::string_view> port;
};

/// `host`, `host:port`, `[v6]` or `[v6]:port`; nullopt when it is none of them.
std::optional<HostAndPort> split(std::string_view text) {
  std::size_t end = text.find(':');
  std::string_view host = text.substr(0, end);
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    host = text.substr(1, close - 1);
    if (host.find(':') == std::string_view::npos) return std::nullopt;
    end = close + 1 == text.size() ? std::string_view::npos : close + 1;
  }
  if (host.empty()) return std::nullopt;
  if (end == std::string_view::npos) return HostAndPort{std::string(host), std::nullopt};
  if (text[end] != ':') return std::nullopt;
  return HostAndPort{std::string(host), text.substr(end + 1)};
}

std::optional<boost::asio::ip::address> parse_ip(const std::string& text) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(text, error);
  if (error) return std::nullopt;
  return address;
}

bool is_loopback(const boost::asio::ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6())
        .is_loopback();
  }
  return address.is_loopback();
}

}  // namespace

Result<ListenAddress> parse_listen_address(std::string_view text) {
  const auto parts = split(text);
  const auto port = parts && parts->port ? parse_number<std::uint16_t>(*parts->port) : std::nullopt;
  const auto ip =
      parts ? parse_ip(parts->host == "localhost" ? "127.0.0.1" : parts->host) : std::nullopt;
  if (!port || !ip) {
    return fail(ErrorCode::bad_request,
                "expected an address to listen on such as 127.0.0.1:8080 or [::1]:8080, got '" +
                    std::string(text) + "'");
  }
  return ListenAddress{ip->to_string(), *port, is_loopback(*ip)};
}

std::string url_of(const ListenAddress& address) {
  const bool v6 = address.address.find(':') != std::string::npos;
  return "http://" + (v6 ? '[' + address.address + ']' : address.address) + ':' +
         std::to_string(address.port);
}

bool is_loopback_address(const std::string& address) {
  const auto ip = parse_ip(address);
  return ip && is_loopback(*ip);
}

bool is_trusted_host(std::string_view host_header, const std::vector<std::string>& allowed) {
  const auto parts = split(host_header);
  if (!parts || (parts->port && !parse_number<std::uint16_t>(*parts->port))) return false;
  std::string host = lower_case(parts->host);
  if (host.ends_with('.')) host.pop_back();
  if (host == "localhost" || host.ends_with(".localhost") || parse_ip(host)) return true;
  return std::ranges::any_of(allowed,
                             [&](const std::string& name) { return lower_case(name) == host; });
}

}  // namespace trailsift::server
