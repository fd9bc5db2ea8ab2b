// Tensors to and from other threads, as lib/multiprocessing uses them.
#include "functions.h"

#include <c10/core/CPUAllocator.h>

#include <cstring>

namespace litorch {
namespace {

bool isPlain(const at::Tensor& tensor) {
  return tensor.layout() == at::kStrided && tensor.has_storage() && !tensor.is_quantized() && !tensor.is_nested() &&
         !tensor._is_zerotensor();
}

// The checks and the first message are those of PyTorch's reduce_tensor.
void checkShareable(const at::Tensor& tensor) {
  TORCH_CHECK(
      !tensor.requires_grad() || tensor.is_leaf(),
      "Cowardly refusing to share non-leaf tensor which requires_grad, since autograd does not support crossing "
      "thread boundaries.  If you just want to transfer the data, call detach() on the tensor before sharing it.");
  TORCH_CHECK_TYPE(
      isPlain(tensor),
      "share(): only dense tensors are shared with other threads, not sparse, quantized or nested ones; share "
      "what they are made of");
  TORCH_CHECK_TYPE(
      !isArrayMemory(*tensor.storage().unsafeGetStorageImpl()),
      "share(): the tensor lies in the memory of a typed array, which ends with its thread; call "
      "shareMemory_() first, which moves it to memory of its own, away from the array, or share a clone()");
}

}  // namespace

// (handles, receivers or 0): the number of each in the table.
napi_value shareTensors(Arguments& arguments) {
  Environment& environment = arguments.environment;
  const std::vector<at::Tensor> tensors = arguments.tensors(0);
  const auto receivers = static_cast<uint32_t>(arguments.integer(1));
  for (const at::Tensor& tensor : tensors) checkShareable(tensor);
  std::vector<SharedTable::Entry> entries;
  entries.reserve(tensors.size());
  for (const at::Tensor& tensor : tensors) {
    entries.push_back(std::make_shared<const SharedTensor>(SharedTensor{
        environment.shared.lend(tensor), tensor.sizes().vec(), tensor.strides().vec(), tensor.storage_offset(),
        tensor.scalar_type(), tensor.requires_grad(), tensor.is_conj(), tensor.is_neg()}));
  }
  const std::vector<double> ids = SharedTable::instance().add(std::move(entries), receivers, &environment.shared);
  napi_value array;
  napi_create_array_with_length(environment.env, ids.size(), &array);
  for (uint32_t i = 0; i < ids.size(); i++) {
    napi_set_element(environment.env, array, i, makeNumber(environment.env, ids[i]));
  }
  return array;
}

// (numbers): the tensors, all of them or an error.
napi_value receiveTensors(Arguments& arguments) {
  Environment& environment = arguments.environment;
  const std::vector<double> ids = arguments.numbers(0);
  std::vector<at::Tensor> tensors;
  tensors.reserve(ids.size());
  for (const SharedTable::Entry& entry : SharedTable::instance().find(ids)) {
    tensors.push_back(environment.shared.make(*entry));
  }
  SharedTable::instance().take(ids);
  napi_value array;
  napi_create_array_with_length(environment.env, tensors.size(), &array);
  for (uint32_t i = 0; i < tensors.size(); i++) {
    napi_set_element(environment.env, array, i, environment.handles.expose(std::move(tensors[i])));
  }
  return array;
}

// (numbers): how many of them were still there.
napi_value revokeTensors(Arguments& arguments) {
  const napi_env env = arguments.environment.env;
  return makeNumber(env, static_cast<double>(SharedTable::instance().revoke(arguments.numbers(0))));
}

napi_value leaveTensors(Arguments& arguments) {
  SharedTable::instance().leave(&arguments.environment.shared);
  return nullptr;
}

napi_value sharedStats(Arguments& arguments) {
  const SharedStats stats = SharedTable::instance().stats();
  auto object = Napi::Object::New(arguments.environment.env);
  object.Set("tensors", static_cast<double>(stats.tensors));
  object.Set("bytes", static_cast<double>(stats.bytes));
  object.Set("orphans", static_cast<double>(stats.orphans));
  return object;
}

// As in PyTorch always true on CUDA, whose memory any thread may use.
napi_value isShared(Arguments& arguments) {
  const at::Tensor& tensor = arguments.tensor(0);
  const SharedOwner block = rootOf(*tensor.storage().unsafeGetStorageImpl());
  return makeBoolean(arguments.environment.env, tensor.is_cuda() || (block && block->betweenThreads));
}

// Lets other threads have the tensor's memory; that of a typed array is left to it and copied.
napi_value shareMemory(Arguments& arguments) {
  Environment& environment = arguments.environment;
  const at::Tensor& tensor = arguments.tensor(0);
  c10::StorageImpl* storage = tensor.storage().unsafeGetStorageImpl();
  if (tensor.is_cuda()) return nullptr;
  TORCH_CHECK(tensor.is_cpu(), "shareMemory_(): only available on CPU");
  if (isArrayMemory(*storage)) {
    at::DataPtr own = c10::GetCPUAllocator()->allocate(storage->nbytes());
    if (storage->nbytes() > 0) std::memcpy(own.mutable_get(), storage->data(), storage->nbytes());
    storage->set_data_ptr_noswap(std::move(own));
    environment.handles.foreign.forget(tensor);
    environment.handles.countElsewhere(storage, false);
  }
  environment.shared.lend(tensor);
  return nullptr;
}

}  // namespace litorch
