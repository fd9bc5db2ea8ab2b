// Memory that tensors and typed arrays share, without a copy in either direction.
#include "bytes.h"
#include "functions.h"
#include "sharedBlock.h"

#include <c10/core/Storage.h>

namespace litorch {

// One ArrayBuffer over a block.
struct Export {
  SharedOwner block;
  c10::weak_intrusive_ptr<c10::StorageImpl> storage;
  napi_env env;
  napi_ref buffer;
  std::weak_ptr<Environment*> environment;
};

namespace {

void finalizeExport(napi_env env, void*, void* hint) {
  const std::unique_ptr<Export> exported(static_cast<Export*>(hint));
  napi_delete_reference(env, exported->buffer);
  if (exported->block->current == exported.get()) {
    exported->block->current = nullptr;
    const auto environment = exported->environment.lock();
    const auto storage = exported->storage.lock();
    if (environment && storage) (*environment)->handles.countElsewhere(storage.get(), false);
  }
}

napi_value bufferOver(Environment& environment, const at::Tensor& tensor) {
  const napi_env env = environment.env;
  if (const napi_value own = environment.handles.foreign.bufferOf(tensor)) return own;
  const SharedOwner owner = ownerOf(tensor);
  napi_value buffer = nullptr;
  if (owner->current != nullptr && owner->current->env == env) {
    napi_get_reference_value(env, owner->current->buffer, &buffer);
    bool detached = false;
    if (buffer != nullptr) napi_is_detached_arraybuffer(env, buffer, &detached);
    if (buffer != nullptr && !detached) return buffer;
  }
  c10::StorageImpl* storage = tensor.storage().unsafeGetStorageImpl();
  auto exported = std::make_unique<Export>(
      Export{owner, c10::weak_intrusive_ptr<c10::StorageImpl>(tensor.storage().getWeakStorageImpl()), env, nullptr,
             environment.self});
  const napi_status status = napi_create_external_arraybuffer(env, storage->mutable_data(), storage->nbytes(),
                                                              finalizeExport, exported.get(), &buffer);
  TORCH_CHECK(status == napi_ok, "this JavaScript engine takes no memory of others; use toTypedArray(), which copies");
  napi_create_reference(env, buffer, 0, &exported->buffer);
  owner->current = exported.release();
  environment.handles.countElsewhere(storage, true);
  return buffer;
}

}  // namespace

// (typed array, its buffer, dtype, sizes, whether nobody else has the buffer): a tensor over the same memory, which
// keeps the array's buffer alive.
napi_value shareBytes(Arguments& arguments) {
  Environment& environment = arguments.environment;
  environment.bufferReleases->drain(environment.env);
  const Bytes source = typedArrayBytes(environment.env, arguments[0]);
  const at::ScalarType type = scalarType(arguments.integer(2));
  const std::vector<int64_t> sizes = arguments.integers(3);
  checkLength(sizes, type, source.length);
  const bool isPrivate = arguments.boolean(4);
  napi_ref reference;
  napi_create_reference(environment.env, arguments[0], 1, &reference);
  at::Tensor tensor = tensorOverArray(
      source.data, sizes, type, [releases = environment.bufferReleases, reference] { releases->push(reference); });
  if (!isPrivate && source.length > 0) environment.handles.foreign.add(tensor, arguments[1]);
  c10::StorageImpl* storage = tensor.storage().unsafeGetStorageImpl();
  const napi_value result = environment.handles.expose(std::move(tensor));
  environment.handles.countElsewhere(storage, true, /*foreign=*/true);
  return result;
}

// (handle): the ArrayBuffer over the tensor's whole storage.
napi_value sharedBuffer(Arguments& arguments) {
  const at::Tensor& tensor = arguments.tensor(0);
  TORCH_CHECK_TYPE(tensor.layout() == at::kStrided && tensor.has_storage() && tensor.device().is_cpu(),
                   "only dense tensors on the CPU share their memory with JavaScript");
  return bufferOver(arguments.environment, tensor);
}

// (handle): where the tensor's first element lies in that buffer, in bytes.
napi_value sharedOffset(Arguments& arguments) {
  Environment& environment = arguments.environment;
  const at::Tensor& tensor = arguments.tensor(0);
  const napi_value own = environment.handles.foreign.bufferOf(tensor);
  const char* start = static_cast<const char*>(tensor.storage().data());
  if (own != nullptr) {
    void* data = nullptr;
    size_t length;
    napi_get_arraybuffer_info(environment.env, own, &data, &length);
    start = static_cast<const char*>(data);
  }
  return makeNumber(environment.env, static_cast<double>(static_cast<const char*>(tensor.const_data_ptr()) - start));
}

}  // namespace litorch
