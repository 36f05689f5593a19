#include "experiments/judges/answer_cache.hpp"

#include <cstdio>
#include <system_error>

#include "lib/base/file.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments {

std::filesystem::path answer_file(const std::filesystem::path& folder, std::span<const std::string> parts) {
  std::string content = parts.empty() ? "" : parts.front();
  for (const std::string& part : parts.subspan(parts.empty() ? 0 : 1))
    content += '\0' + std::to_string(part.size()) + '\0' + part;
  char name[48];
  std::snprintf(name, sizeof name, "%016llx%016llx.json", static_cast<unsigned long long>(fnv1a(content)),
                static_cast<unsigned long long>(fnv1a(content, 0x9e3779b97f4a7c15ull)));
  return folder / name;
}

std::optional<nlohmann::json> kept_answer(const std::filesystem::path& file, const std::string& format) {
  constexpr std::size_t largest_file = std::size_t{1} << 20;
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return {};
  auto json = nlohmann::json::parse(read_file(file, largest_file), nullptr, false);
  if (!json.is_object() || json.value("format", nlohmann::json()) != format) return {};
  return json;
}

void keep_answer(const std::filesystem::path& file, const std::string& format, const std::string& model,
                 const nlohmann::ordered_json& answer) {
  nlohmann::ordered_json kept{{"format", format}, {"version", 1}, {"model", model}};
  kept.update(answer);
  write_file(file, kept.dump(1, ' ', true, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

}  // namespace skein::experiments
