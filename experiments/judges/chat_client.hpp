#pragma once

#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace skein::experiments {

/// Where and how to ask a model, over the OpenAI chat-completions protocol with images.
struct ChatSettings {
  std::string url;           ///< "https://host/v1" (or http); "/chat/completions" is added unless it ends so
  std::string model;         ///< as the server calls it
  std::string key;           ///< sent as a bearer token when not empty; never written nor shown
  double timeout = 60;       ///< seconds that a request may take in all
  int attempts = 5;          ///< of one question, before giving up
  double first_wait = 1;     ///< seconds before the second attempt; doubled each time
  double longest_wait = 60;  ///< a server that asks for more patience than this is given up on
  int tokens = 300;          ///< at most, of an answer; doubled once when it was cut short
  /// So many likely first tokens are asked for, with their log-probabilities; 0: none. A server that refuses the request for
  /// that (400, naming logprobs) is asked without.
  int alternatives = 0;
  void validate() const;  ///< throws ConfigError
};

/// What came of a question.
struct ChatAnswer {
  enum class Kind {
    text,       ///< `text` is what the model said
    refusal,    ///< it, or the server's filter, declined; `text` says why
    truncated,  ///< cut short twice; `text` is what there was of it
  };
  Kind kind = Kind::text;
  std::string text;
  /// The answer's first token that is not white space, and what else it might have been, with log-probabilities (at most
  /// 0); empty where the server gives none.
  std::vector<std::pair<std::string, double>> first_tokens = {};
};

/// Asks one question about pictures, given as bytes of PNG files, at temperature 0. What may pass is tried
/// again: no connection, time-outs, 408, 425, 429 (after the seconds of its Retry-After) and 5xx, bodies that
/// are no chat completion. Throws ConfigError for what will not pass (400, 401, 403, 404, a redirect, a
/// certificate that is not trusted), Error when the attempts are used up. Redirects are not followed: they
/// would carry the key elsewhere. An attempt ends after `timeout` seconds and 8 MiB, whatever the server does, and
/// within a tenth of a second when `go_on`, which is asked from another thread, says no (then Error is thrown). No
/// message, and no answer, holds a piece of the key.
ChatAnswer ask(const ChatSettings& settings, const std::string& question, std::span<const std::string> pngs,
               const std::function<bool()>& go_on = {});

}  // namespace skein::experiments
