#include "experiments/judges/chat_client.hpp"

#include <httplib.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "experiments/judges/connection_watch.hpp"
#include "experiments/judges/server_text.hpp"
#include "lib/base/base64.hpp"
#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

using Clock = std::chrono::steady_clock;
using nlohmann::json;

constexpr std::size_t largest_answer = std::size_t{4} << 20;   // bytes of a reply that are read
constexpr std::size_t largest_traffic = std::size_t{8} << 20;  // with headers and what encryption adds
constexpr const char* stopped = "judge: stopped; answers so far are kept, the same command goes on from them";

/// An address, taken apart.
struct Address {
  std::string host;  ///< with scheme and port, as httplib::Client takes it
  std::string path;
};

Address address_of(const std::string& url) {
  const auto scheme = url.find("://");
  const std::string kind = url.substr(0, scheme == std::string::npos ? 0 : scheme);
  if (kind != "http" && kind != "https")
    throw ConfigError("judge's URL '" + url + "': must begin with http:// or https://");
  const auto slash = url.find('/', scheme + 3);
  Address address{url.substr(0, slash), slash == std::string::npos ? "" : url.substr(slash)};
  if (address.host.size() == scheme + 3) throw ConfigError("judge's URL '" + url + "': names no host");
  while (!address.path.empty() && address.path.back() == '/') address.path.pop_back();
  const std::string end = "/chat/completions";
  if (!address.path.ends_with(end)) address.path += end;
  return address;
}

std::string request_body(const ChatSettings& settings, const std::string& question,
                         std::span<const std::string> pngs, int tokens, bool alternatives) {
  json content = json::array({{{"type", "text"}, {"text", question}}});
  for (const std::string& png : pngs)
    content.push_back(
        {{"type", "image_url"}, {"image_url", {{"url", "data:image/png;base64," + base64(png)}}}});
  json body{{"model", settings.model},
            {"temperature", 0},
            {"max_tokens", tokens},
            {"messages", json::array({{{"role", "user"}, {"content", content}}})}};
  if (alternatives) {
    body["logprobs"] = true;
    body["top_logprobs"] = settings.alternatives;
  }
  return body.dump();
}

bool is_blank(const std::string& text) {
  return std::ranges::all_of(text, [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; });
}

/// What the first token might have been; whatever is not as the protocol has it is passed over.
std::vector<std::pair<std::string, double>> first_tokens_of(const json& choice) {
  constexpr std::size_t longest_token = 100, most_skipped = 5, most_read = 20;
  const auto list = [](const json& object, const char* member) {
    const auto found = object.is_object() ? object.find(member) : object.end();
    return object.is_object() && found != object.end() && found->is_array() ? *found : json::array();
  };
  const auto logprobs = choice.find("logprobs");
  if (logprobs == choice.end()) return {};
  std::vector<std::pair<std::string, double>> tokens;
  const auto add = [&](const json& entry) {
    if (!entry.is_object() || !entry.contains("token") || !entry["token"].is_string() ||
        !entry.contains("logprob") || !entry["logprob"].is_number())
      return;
    const auto token = entry["token"].get<std::string>();
    const auto logprob = entry["logprob"].get<double>();
    if (token.size() > longest_token || !(logprob <= 0) || tokens.size() == most_read) return;
    if (std::ranges::find(tokens, token, [](const auto& known) { return known.first; }) == tokens.end())
      tokens.emplace_back(token, logprob);
  };
  const json content = list(*logprobs, "content");
  for (std::size_t t = 0; t < std::min(content.size(), most_skipped) && tokens.empty(); ++t) {
    const json& entry = content[t];
    if (!entry.is_object() || !entry.contains("token") || !entry["token"].is_string() ||
        is_blank(entry["token"].get<std::string>()))
      continue;
    add(entry);
    for (const json& other : list(entry, "top_logprobs")) add(other);
  }
  return tokens;
}

/// One attempt: an answer, or why there is none and how long the server asks to wait.
struct Attempt {
  std::optional<ChatAnswer> answer;
  std::string trouble;
  double wait = 0;                    ///< seconds; 0: it did not say
  bool without_alternatives = false;  ///< it knows nothing of log-probabilities: ask without
};

/// Reads a chat completion; `trouble` when the body is none.
Attempt read_completion(const std::string& body, const std::string& key) {
  const json reply = json::parse(body, nullptr, false);
  const auto choices = reply.is_object() ? reply.find("choices") : reply.end();
  if (!reply.is_object() || choices == reply.end() || !choices->is_array() || choices->empty() ||
      !(*choices)[0].is_object() || !(*choices)[0].contains("message") ||
      !(*choices)[0]["message"].is_object())
    return {{},
            "the reply is no chat completion: " + one_harmless_line(without_key(body.substr(0, 4096), key))};
  const json& choice = (*choices)[0];
  const json& message = choice["message"];
  const auto text_of = [&](const json& object, const char* member) {
    const auto found = object.find(member);
    return found != object.end() && found->is_string() ? without_key(found->get<std::string>(), key)
                                                       : std::string();
  };
  const std::string refusal = text_of(message, "refusal"), end = text_of(choice, "finish_reason");
  if (!refusal.empty()) return {ChatAnswer{ChatAnswer::Kind::refusal, refusal}, {}};
  if (end == "content_filter") return {ChatAnswer{ChatAnswer::Kind::refusal, "the server's filter"}, {}};
  if (end == "length") return {ChatAnswer{ChatAnswer::Kind::truncated, text_of(message, "content")}, {}};
  if (!message.contains("content") || !message["content"].is_string())
    return {{}, "the reply holds no text: " + one_harmless_line(without_key(body.substr(0, 4096), key))};
  return {ChatAnswer{ChatAnswer::Kind::text, text_of(message, "content"), first_tokens_of(choice)}, {}};
}

double seconds_asked(const std::string& retry_after) {
  double seconds = 0;
  const char* end = retry_after.data() + retry_after.size();
  const auto [stop, error] = std::from_chars(retry_after.data(), end, seconds);
  return error == std::errc() && stop == end && std::isfinite(seconds) && seconds > 0 ? seconds : 0;
}

/// `alternatives`: whether the body asks for log-probabilities.
Attempt attempt(const ChatSettings& settings, const Address& address, const std::string& body,
                bool alternatives, const std::function<bool()>& go_on) {
  const auto limit = std::chrono::microseconds(std::llround(settings.timeout * 1e6));
  ConnectionWatch watch(limit, largest_traffic, go_on);
  httplib::Client client(address.host);
  client.set_socket_options([&watch](auto socket) { watch.attach(socket); });
  client.set_connection_timeout(std::min<std::chrono::microseconds>(limit, std::chrono::seconds(15)));
  client.set_read_timeout(limit);
  client.set_write_timeout(limit);
  httplib::Request request;
  request.method = "POST";
  request.path = address.path;
  request.body = body;
  request.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
  if (!settings.key.empty()) request.headers.emplace("Authorization", "Bearer " + settings.key);
  std::string reply;
  const auto start = Clock::now();
  request.content_receiver = [&](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
    reply.append(data, size);
    return reply.size() <= largest_answer && Clock::now() - start <= limit;
  };
  const httplib::Result result = client.send(request);
  const auto ended = watch.ended();
  if (ended == ConnectionWatch::Ended::unwanted) throw Error(stopped);
  if (!result || ended != ConnectionWatch::Ended::not_at_all) {
    if (ended == ConnectionWatch::Ended::too_much)
      return {{}, "the reply, with its headers, is longer than 8 MiB"};
    if (ended == ConnectionWatch::Ended::too_late) return {{}, "no reply in time"};
    if (reply.size() > largest_answer) return {{}, "the reply is longer than 4 MiB"};
    if (Clock::now() - start >= limit) return {{}, "no reply in time"};
    if (result.error() == httplib::Error::SSLServerVerification)
      throw ConfigError("judge: " + address.host + " shows a certificate that is not trusted");
    return {{}, "no reply (" + httplib::to_string(result.error()) + ")"};
  }
  const int status = result->status;
  if (status == 200) return read_completion(reply, settings.key);
  const std::string said = address.host + " answered " + std::to_string(status) + ": " +
                           one_harmless_line(without_key(reply, settings.key));
  if (status == 400 && alternatives && reply.find("logprob") != std::string::npos) return {{}, said, 0, true};
  const bool may_pass = status == 408 || status == 425 || status == 429 || status >= 500;
  if (!may_pass) throw ConfigError("judge: " + said);
  return {{}, said, seconds_asked(result->get_header_value("Retry-After"))};
}

/// Sleeps so many seconds, looking up now and then.
void wait_for(double seconds, const std::function<bool()>& go_on) {
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  while (Clock::now() < end) {
    if (go_on && !go_on()) throw Error(stopped);
    std::this_thread::sleep_for(
        std::min<std::chrono::duration<double>>(end - Clock::now(), std::chrono::milliseconds(50)));
  }
}

}  // namespace

void ChatSettings::validate() const {
  address_of(url);
  if (model.empty()) throw ConfigError("judge: which model is not said");
  const auto printable = [](char c) { return c > ' ' && c < 127; };
  if (!std::all_of(key.begin(), key.end(), printable))
    throw ConfigError("judge: the key holds characters that no key has");
  if (!(timeout > 0) || timeout > 3600)
    throw ConfigError("judge: the time-out must be above 0, at most 3600 s");
  if (alternatives < 0 || alternatives > 20) throw ConfigError("judge: alternatives must be 0 to 20");
  if (attempts < 1) throw ConfigError("judge: attempts must be at least 1");
  if (!(first_wait >= 0 && longest_wait >= 0)) throw ConfigError("judge: waits must not be negative");
  if (tokens < 1) throw ConfigError("judge: tokens must be at least 1");
}

ChatAnswer ask(const ChatSettings& settings, const std::string& question, std::span<const std::string> pngs,
               const std::function<bool()>& go_on) {
  settings.validate();
  const Address address = address_of(settings.url);
  int tokens = settings.tokens;
  bool alternatives = settings.alternatives > 0;
  std::string body = request_body(settings, question, pngs, tokens, alternatives);
  double wait = settings.first_wait;
  for (int tried = 1;; ++tried) {
    const Attempt got = attempt(settings, address, body, alternatives, go_on);
    if (got.answer && (got.answer->kind != ChatAnswer::Kind::truncated || tokens > settings.tokens))
      return *got.answer;
    if (got.without_alternatives) {
      alternatives = false;
      body = request_body(settings, question, pngs, tokens, alternatives);
      continue;
    }
    if (got.answer) {
      tokens *= 2;
      body = request_body(settings, question, pngs, tokens, alternatives);
      if (tried >= settings.attempts) return *got.answer;
      continue;
    }
    if (tried >= settings.attempts)
      throw Error("judge: " + got.trouble + " (" + std::to_string(tried) +
                  " attempts; answers so far are kept, the same command goes on from them)");
    const double pause = got.wait > 0 ? got.wait : std::min(wait, settings.longest_wait);
    if (pause > settings.longest_wait)
      throw Error("judge: " + got.trouble + " (asks to wait " + std::to_string(std::lround(pause)) +
                  " s; answers so far are kept, the same command goes on from them)");
    wait_for(pause, go_on);
    wait *= 2;
  }
}

}  // namespace skein::experiments
