#include "errors.h"

#include <c10/util/Exception.h>

#include <new>
#include <regex>
#include <string_view>

namespace litorch {
namespace {

// libtorch's CPU allocator reports a failed allocation as a plain c10::Error.
bool isAllocationFailure(std::string_view message) {
  return message.find("can't allocate memory") != std::string_view::npos ||
         message.find("not enough memory") != std::string_view::npos ||
         message.find("CUDA out of memory") != std::string_view::npos;
}

// Some messages carry "Exception raised from ..." and a C++ backtrace behind the text.
std::string withoutBacktrace(std::string message) {
  const size_t raised = message.find("\nException raised from ");
  if (raised != std::string::npos) message.resize(raised);
  while (!message.empty() && message.back() == '\n') message.pop_back();
  return message;
}

// libtorch calls a tensor's type CPUFloatType or CUDAFloatType where Python's users know torch.FloatTensor and
// torch.cuda.FloatTensor. As PyTorch's own table, this leaves out the dtypes that are younger than these names.
std::string withPythonTypeNames(const std::string& message) {
  if (message.find("Type") == std::string::npos) return message;
  static const std::regex pattern("(Sparse)?(CPU|CUDA)(Float|Double|Half|Char|Byte|Short|Int|Long)Type");
  std::string result;
  auto position = message.cbegin();
  for (std::sregex_iterator match(message.begin(), message.end(), pattern), end; match != end; ++match) {
    result.append(position, message.cbegin() + match->position());
    result += (*match)[2] == "CPU" ? "torch." : "torch.cuda.";
    if ((*match)[1].matched) result += "sparse.";
    result += (*match)[3].str() + "Tensor";
    position = message.cbegin() + match->position() + match->length();
  }
  return result.append(position, message.cend());
}

}  // namespace

void throwCurrentException(Environment& environment, const std::string& op) {
  const auto raise = [&](const char* kind, std::string message) {
    environment.throwError(kind, withPythonTypeNames(withoutBacktrace(std::move(message))), op);
  };
  try {
    throw;
  } catch (const StaleHandle& e) {
    raise("Disposed", e.what());
  } catch (const ArgumentError& e) {
    raise("Type", e.what());
  } catch (const JavaScriptError& e) {
    if (!e.rethrow(environment)) raise("Torch", e.what());
  } catch (const Napi::Error& e) {
    // Into a thread that is being ended nothing can be thrown, where the wrapper's own way would throw anew.
    const napi_value error = e.Value();
    if (error != nullptr) napi_throw(environment.env, error);
  } catch (const c10::OutOfMemoryError& e) {
    raise("OutOfMemory", e.what_without_backtrace());
  } catch (const c10::LinAlgError& e) {
    raise("LinAlg", e.what_without_backtrace());
  } catch (const c10::NotImplementedError& e) {
    raise("NotImplemented", e.what_without_backtrace());
  } catch (const c10::DistError& e) {
    raise("Distributed", e.what_without_backtrace());
  } catch (const c10::IndexError& e) {
    raise("Range", e.what_without_backtrace());
  } catch (const c10::TypeError& e) {
    raise("Type", e.what_without_backtrace());
  } catch (const c10::Error& e) {
    const std::string message = e.what_without_backtrace();
    raise(isAllocationFailure(message) ? "OutOfMemory" : "Torch", message);
  } catch (const std::bad_alloc&) {
    raise("OutOfMemory", "not enough memory");
  } catch (const std::exception& e) {
    raise("Torch", e.what());
  } catch (...) {
    raise("Torch", "an exception of unknown type was thrown");
  }
}

}  // namespace litorch
