#include "memoryDebug.h"

namespace litorch {

MemoryDebug::MemoryDebug(napi_env env, napi_value stack) : env_(env) { napi_create_reference(env, stack, 1, &stack_); }

MemoryDebug::~MemoryDebug() {
  napi_delete_reference(env_, stack_);
  for (const auto& [handle, end] : freed_) {
    if (end.object != nullptr) napi_delete_reference(env_, end.object);
  }
}

MemoryDebug::Place MemoryDebug::here() {
  napi_handle_scope scope;
  napi_open_handle_scope(env_, &scope);
  napi_value function;
  napi_value receiver;
  napi_value result = nullptr;
  napi_get_reference_value(env_, stack_, &function);
  napi_get_undefined(env_, &receiver);
  std::string text;
  size_t length = 0;
  // It fails while an error is on its way, and where the thread is about to end.
  if (napi_call_function(env_, receiver, function, 0, nullptr, &result) == napi_ok &&
      napi_get_value_string_utf8(env_, result, nullptr, 0, &length) == napi_ok) {
    text.resize(length);
    napi_get_value_string_utf8(env_, result, text.data(), length + 1, &length);
  }
  napi_close_handle_scope(env_, scope);
  return &*places_.insert(std::move(text)).first;
}

void MemoryDebug::made(double handle) { made_[handle] = here(); }

void MemoryDebug::freed(double handle, napi_ref object, bool byScope) {
  const auto found = made_.find(handle);
  Place place = nullptr;
  if (found != made_.end()) {
    place = found->second;
    made_.erase(found);
  }
  freed_[handle] = End{object, place, here(), byScope};
}

void MemoryDebug::forget(double handle) { made_.erase(handle); }

void MemoryDebug::swept() {
  napi_handle_scope scope;
  napi_open_handle_scope(env_, &scope);
  for (auto it = freed_.begin(); it != freed_.end();) {
    napi_value object = nullptr;
    if (it->second.object != nullptr) napi_get_reference_value(env_, it->second.object, &object);
    if (object != nullptr) {
      ++it;
      continue;
    }
    if (it->second.object != nullptr) napi_delete_reference(env_, it->second.object);
    it = freed_.erase(it);
  }
  napi_close_handle_scope(env_, scope);
}

std::string MemoryDebug::whereMade(double handle) const {
  const auto found = made_.find(handle);
  return found == made_.end() ? std::string() : *found->second;
}

std::string MemoryDebug::whereFreed(double handle) const {
  const auto found = freed_.find(handle);
  if (found == freed_.end()) return {};
  const End& end = found->second;
  std::string text = end.byScope ? "\nA scope that ended freed it at:\n" : "\nIt was disposed at:\n";
  text += *end.freed;
  if (end.made != nullptr) text += "\nIt was made at:\n" + *end.made;
  return text;
}

}  // namespace litorch
