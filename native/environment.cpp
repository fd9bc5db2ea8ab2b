#include "environment.h"

#include "asyncQueue.h"
#include "graphRecorder.h"

#include <iterator>

namespace litorch {

void BufferReleases::push(napi_ref reference) {
  std::lock_guard<std::mutex> lock(mutex_);
  // A closed environment has freed all of its references itself.
  if (!closed_) pending_.push_back(reference);
}

void BufferReleases::drain(napi_env env) {
  std::vector<napi_ref> references;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    references.swap(pending_);
  }
  for (napi_ref reference : references) napi_delete_reference(env, reference);
}

void BufferReleases::close() {
  std::lock_guard<std::mutex> lock(mutex_);
  closed_ = true;
  pending_.clear();
}

void WarningBuffer::process(const c10::Warning& warning) { messages_.push_back(warning.msg()); }

std::vector<std::string> WarningBuffer::take() {
  std::vector<std::string> messages;
  messages.swap(messages_);
  return messages;
}

void WarningBuffer::append(std::vector<std::string> messages) {
  messages_.insert(messages_.end(), std::make_move_iterator(messages.begin()), std::make_move_iterator(messages.end()));
}

Environment::Environment(napi_env env)
    : env(env),
      handles(env),
      bufferReleases(std::make_shared<BufferReleases>()),
      self(std::make_shared<Environment*>(this)),
      callbacks(*this) {
  handles.setObserver(&callbacks);
  c10::WarningUtils::set_warning_handler(&warnings);
}

Environment::~Environment() {
  async.reset();
  c10::WarningUtils::set_warning_handler(nullptr);
  // Guards restore thread-local state and must go in reverse order of their making.
  while (!inferenceModes.empty()) inferenceModes.pop_back();
  handles.clear();
  pendingFunctions.clear();
  callbacks.close();
  bufferReleases->close();
}

void Environment::setCallbacks(napi_value makeError, napi_value warn) {
  // A test runner evaluates the library once a file over one addon: the latest registration counts.
  if (makeError_ != nullptr) napi_delete_reference(env, makeError_);
  if (warn_ != nullptr) napi_delete_reference(env, warn_);
  napi_create_reference(env, makeError, 1, &makeError_);
  napi_create_reference(env, warn, 1, &warn_);
}

void Environment::throwError(const char* kind, const std::string& message, const std::string& op) {
  bool pending = false;
  napi_is_exception_pending(env, &pending);
  if (pending) return;
  napi_value function = nullptr;
  if (makeError_ != nullptr) napi_get_reference_value(env, makeError_, &function);
  if (function == nullptr) {
    napi_throw_error(env, kind, message.c_str());
    return;
  }
  napi_value arguments[3];
  napi_value receiver;
  napi_value error;
  napi_get_undefined(env, &receiver);
  napi_create_string_utf8(env, kind, NAPI_AUTO_LENGTH, &arguments[0]);
  napi_create_string_utf8(env, message.data(), message.size(), &arguments[1]);
  napi_create_string_utf8(env, op.data(), op.size(), &arguments[2]);
  if (napi_call_function(env, receiver, function, 3, arguments, &error) == napi_ok) napi_throw(env, error);
}

void Environment::emitWarnings() {
  if (warnings.empty()) return;
  napi_value function = nullptr;
  if (warn_ != nullptr) napi_get_reference_value(env, warn_, &function);
  for (const std::string& message : warnings.take()) {
    if (function == nullptr) continue;
    napi_value receiver;
    napi_value argument;
    napi_get_undefined(env, &receiver);
    napi_create_string_utf8(env, message.data(), message.size(), &argument);
    napi_call_function(env, receiver, function, 1, &argument, nullptr);
  }
}

}  // namespace litorch
