// The least integer divided by -1 has no result of its width, and the processor ends the process for it: libtorch looks
// for a divisor of zero only. Here it wraps around, as negation does, and nothing is left over. Found in libtorch 2.13.
//
// Other processors than x86-64 give these results by themselves.
#include "integerDivision.h"

#if !defined(__x86_64__) && !defined(_M_X64)
void litorch::replaceIntegerDivision() {}
#else

// The sorts of processors that libtorch is built for on x86-64, as its own build names them: the choice among its loops
// takes one of each.
#ifndef HAVE_AVX2_CPU_DEFINITION
#define HAVE_AVX2_CPU_DEFINITION
#endif
#ifndef HAVE_AVX512_CPU_DEFINITION
#define HAVE_AVX512_CPU_DEFINITION
#endif

#include <ATen/native/BinaryOps.h>
#include <ATen/native/cpu/Loops.h>
#include <c10/util/Exception.h>

#include <cstdint>
#include <type_traits>

namespace litorch {
namespace {

using Kernel = void (*)(at::TensorIteratorBase&);

template <typename Integer>
Integer negated(Integer number) {
  using Unsigned = std::make_unsigned_t<Integer>;
  return static_cast<Integer>(Unsigned{0} - static_cast<Unsigned>(number));
}

// Toward zero, as C divides.
struct Truncated {
  template <typename Integer>
  static Integer of(Integer dividend, Integer divisor) {
    // Written as a choice between two results, the compiler would see one and the same division in both.
    const Integer quotient = dividend / (divisor == -1 ? 1 : divisor);
    return divisor == -1 ? negated(quotient) : quotient;
  }
};

struct Floored {
  template <typename Integer>
  static Integer of(Integer dividend, Integer divisor) {
    const Integer quotient = Truncated::of(dividend, divisor);
    return divisor != -1 && dividend % divisor != 0 && (dividend < 0) != (divisor < 0) ? quotient - 1 : quotient;
  }
};

// The rest of each: of the dividend's sign, and of the divisor's.
struct TruncatedRest {
  template <typename Integer>
  static Integer of(Integer dividend, Integer divisor) {
    return divisor == -1 ? 0 : dividend % divisor;
  }
};

struct FlooredRest {
  template <typename Integer>
  static Integer of(Integer dividend, Integer divisor) {
    const Integer rest = TruncatedRest::of(dividend, divisor);
    return rest != 0 && (rest < 0) != (divisor < 0) ? rest + divisor : rest;
  }
};

// libtorch's loops, for all other numbers.
template <typename Operation>
Kernel others = nullptr;

template <typename Operation, typename Integer>
void divide(at::TensorIteratorBase& iterator) {
  at::native::cpu_kernel(iterator, [](Integer dividend, Integer divisor) -> Integer {
    TORCH_CHECK(divisor != 0, "ZeroDivisionError");
    return Operation::of(dividend, divisor);
  });
}

template <typename Operation>
void kernel(at::TensorIteratorBase& iterator) {
  switch (iterator.common_dtype()) {
    case at::kInt:
      return divide<Operation, int32_t>(iterator);
    case at::kLong:
      return divide<Operation, int64_t>(iterator);
    default:
      return others<Operation>(iterator);
  }
}

// A stub holds the loop that it was told to run, if any, as its first field; libtorch leaves it empty or fills it with
// the loop for this processor.
template <typename Operation, typename Stub>
void replace(Stub& stub) {
  static_assert(std::is_standard_layout_v<Stub> && sizeof(Stub) == sizeof(at::native::DispatchStubImpl));
  at::native::DispatchStubImpl& choice = reinterpret_cast<at::native::DispatchStubImpl&>(stub);
  void* own = choice.cpu_dispatch_ptr.load();
  if (own == nullptr) {
    own = choice.choose_cpu_impl(reinterpret_cast<void*>(Stub::DEFAULT), reinterpret_cast<void*>(Stub::AVX512),
                                 reinterpret_cast<void*>(Stub::AVX2));
  }
  others<Operation> = reinterpret_cast<Kernel>(own);
  choice.cpu_dispatch_ptr = reinterpret_cast<void*>(&kernel<Operation>);
}

}  // namespace

void replaceIntegerDivision() {
  replace<Truncated>(at::native::div_trunc_stub);
  replace<Floored>(at::native::div_floor_stub);
  replace<TruncatedRest>(at::native::fmod_stub);
  replace<FlooredRest>(at::native::remainder_stub);
}

}  // namespace litorch

#endif
