#include "aws/profile.h"

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <functional>
#include <optional>
#include <utility>

#include "aws/ini.h"

namespace trailsift::aws {
namespace {

std::string path_of(const Environment& environment, const char* variable, const char* in_home) {
  if (auto path = environment(variable); path && !path->empty()) return *path;
  return environment("HOME").value_or("") + in_home;
}

Result<IniFile> read_file(const std::string& path) {
  const auto text = read_small_file(path, kMaxIniBytes);
  if (!text && text.error().code == ErrorCode::not_found) return IniFile{};
  if (!text) return tl::unexpected(text.error());
  auto file = parse_ini(*text);
  if (!file) return fail(file.error().code, "cannot read '" + path + "': " + file.error().message);
  return file;
}

}  // namespace

std::string_view setting(const Profile& profile, const std::string& name) {
  const auto found = profile.find(name);
  return found == profile.end() ? std::string_view{} : found->second;
}

Result<ProfileFiles> ProfileFiles::read(const Environment& environment) {
  const std::string config_path = path_of(environment, "AWS_CONFIG_FILE", "/.aws/config");
  const std::string keys_path =
      path_of(environment, "AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials");
  auto config = read_file(config_path);
  if (!config) return tl::unexpected(config.error());
  auto keys = read_file(keys_path);
  if (!keys) return tl::unexpected(keys.error());

  ProfileFiles files;
  files.looked_in = "'" + keys_path + "' or '" + config_path + "'";
  constexpr std::string_view kPrefix = "profile ";
  for (auto& [section, settings] : *config) {
    if (section == "default") files.profiles[section].merge(settings);
    if (section.starts_with(kPrefix))
      files.profiles[section.substr(kPrefix.size())] = std::move(settings);
  }
  for (auto& [section, settings] : *keys) {
    for (auto& [name, value] : settings) files.profiles[section][name] = std::move(value);
  }
  return files;
}

const Profile* ProfileFiles::find(std::string_view name) const {
  const auto found = profiles.find(name);
  return found == profiles.end() ? nullptr : &found->second;
}

Result<std::string> read_small_file(const std::string& path, std::size_t max_bytes) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    const bool absent = errno == ENOENT || errno == ENOTDIR;
    return fail(absent ? ErrorCode::not_found : ErrorCode::io,
                "cannot open '" + path + "': " + std::strerror(errno));
  }
  std::string text(max_bytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad()) return fail(ErrorCode::io, "cannot read '" + path + "'");
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > max_bytes)
    return fail(ErrorCode::too_large,
                "expected at most " + std::to_string(max_bytes) + " bytes in '" + path + "'");
  return text;
}

}  // namespace trailsift::aws
