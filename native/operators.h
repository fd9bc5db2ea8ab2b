// The operators that libtorch registers with its dispatcher, each looked up once and called boxed.
#pragma once

#include <ATen/core/dispatch/Dispatcher.h>

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace litorch {

// How an argument is read from JavaScript; decided once for an operator, from its schema's type.
enum class ValueKind {
  Tensor,
  Scalar,
  Int,
  Float,
  Bool,
  String,
  Device,
  Generator,
  IntList,
  TensorList,
  List,
  Unsupported,
};

struct ArgumentType {
  ValueKind kind;
  bool optional;
  c10::TypePtr type;  // without the optional
};

struct Operator {
  c10::OperatorHandle handle;
  std::string name;
  std::vector<ArgumentType> arguments;
  std::vector<std::optional<c10::IValue>> defaults;
  bool returnsOneTensor;
  // Makes tensors from tensor options (zeros, randn_like, ...).
  bool isFactory;
  // Writes to tensors whose storage it may replace or resize.
  bool mayResize;
  // The arguments that it writes to.
  std::vector<size_t> written;
  // The sorts of tensors for which its kernel would call itself without end.
  std::vector<c10::DispatchKey> endless;
};

class OperatorTable {
 public:
  // Every registered name with its overload, such as "aten::add.Tensor".
  static std::vector<std::string> names();

  // The number of an operator; -1 where nothing with a schema is registered under that name.
  int64_t find(const std::string& name, const std::string& overload);
  // Throws ArgumentError for a number that was never given out.
  const Operator& get(int64_t id) const;

 private:
  std::vector<std::unique_ptr<Operator>> operators_;
  std::unordered_map<std::string, int64_t> ids_;
};

ArgumentType describeType(const c10::TypePtr& type);

}  // namespace litorch
