/**
 * What became of the names of PyTorch that litorch has not under their own name. A name that litorch has needs no entry;
 * an entry for one that it has, or that PyTorch lacks, fails the tests.
 */

/** `another form`: here under another name or shape. `not`: deliberately left out. `to come`: wanted, not here yet. */
export type State = 'another form' | 'not' | 'to come';

export interface Entry {
  /** The module, such as `torch.linalg`, or `torch.Tensor`. */
  readonly owner: string;
  readonly state: State;
  /** Which form, why not, or with what. */
  readonly reason: string;
  /** Names of PyTorch, separated by spaces; `*` stands for any letters. */
  readonly names: string;
}

const entry = (owner: string, state: State, reason: string, names: string): Entry => ({
  owner,
  state,
  reason,
  names: names.trim().replace(/\s+/g, ' '),
});

export const entries: readonly Entry[] = [
  // --- torch ---
  entry(
    'torch',
    'another form',
    'the classes `DType`, `Layout`, `MemoryFormat` and `QScheme`',
    'dtype layout memory_format qscheme',
  ),
  entry('torch', 'another form', '`number[]`: `x.shape`, `x.size()`', 'Size'),
  entry(
    'torch',
    'another form',
    'typed arrays: `fromTypedArray`, which shares memory, and `toTypedArray`',
    'from_numpy',
  ),
  entry(
    'torch',
    'another form',
    '`fromTypedArray` and `toTypedArray`: the dtype says what a storage holds, its bytes are an `ArrayBuffer`',
    `Storage StorageBase TypedStorage UntypedStorage BFloat16Storage BoolStorage ByteStorage CharStorage
    ComplexDoubleStorage ComplexFloatStorage DoubleStorage FloatStorage HalfStorage IntStorage LongStorage QInt32Storage
    QInt8Storage QUInt2x4Storage QUInt4x2Storage QUInt8Storage ShortStorage is_storage storage`,
  ),
  entry(
    'torch',
    'another form',
    'plain numbers, with `Math` and comparisons: shapes are never symbolic here',
    'sym_*',
  ),
  entry('torch', 'another form', '`torch.version.torch`', 'torch_version'),
  entry(
    'torch',
    'another form',
    '`torch.ops`, which shows every operator with its schema',
    'classes library parse_schema FunctionSchema Argument',
  ),
  entry('torch', 'another form', '`nn.ModuleDict` and `nn.ParameterDict`', 'ModuleDict ParameterDict'),
  entry(
    'torch',
    'another form',
    'arrays with named fields: `const { values, indices } = x.max(1)`',
    'return_types',
  ),
  entry('torch', 'another form', 'generated TypeScript types', 'types'),
  entry('torch', 'another form', 'the functions of `torch` itself', 'functional'),
  entry(
    'torch',
    'not',
    'the tensor types of old, which dtypes replaced; `x.type()` still gives and takes their names',
    `BFloat16Tensor BoolTensor ByteTensor CharTensor DoubleTensor FloatTensor HalfTensor IntTensor LongTensor ShortTensor
    set_default_tensor_type`,
  ),
  entry(
    'torch',
    'not',
    'TorchScript, which PyTorch has deprecated: its types, compiler and interpreter',
    `AliasDb AnyType ArgumentSpec AwaitType Block BoolType BufferDict CallStack Capsule ClassType Code CompilationUnit
    CompleteArgumentSpec ComplexType ConcreteModuleType ConcreteModuleTypeBuilder DeepCopyMemoTable
    DeserializationStorageContext DictType EnumType ErrorReport ExecutionPlan FileCheck FloatType Future FutureType Gradient
    Graph GraphExecutorState IODescriptor InferredType IntType InterfaceType JITException ListType LiteScriptModule
    LockingLogger LoggerBase Node NoneType NoopLogger NumberType OperatorInfo OptionalType PyObjectType PyTorchFileReader
    PyTorchFileWriter RRefType ScriptClass ScriptClassFunction ScriptDict ScriptDictIterator ScriptDictKeyIterator
    ScriptFunction ScriptList ScriptListIterator ScriptMethod ScriptModule ScriptModuleSerializer ScriptObject
    ScriptObjectProperty SerializationStorageContext StaticModule StringType SymBoolType SymIntType TensorType TracingState
    TupleType Type UnionType Use Value fork wait futures import_ir_module import_ir_module_from_buffer jit
    merge_type_from_type_comment parse_ir parse_type_comment unify_type_list package`,
  ),
  entry(
    'torch',
    'not',
    'the compiler, which traces and rewrites Python; `torch.ops` and eager calls are what there is to run',
    `compile compiler cond while_loop export fx SymBool SymFloat SymInt`,
  ),
  entry(
    'torch',
    'not',
    "machinery behind Python's overrides, dispatch and mobile builds, which no program calls",
    `AggregationType AVG SUM BenchmarkConfig BenchmarkExecutionStats DisableTorchFunction DisableTorchFunctionSubclass
    DispatchKey DispatchKeySet ExcludeDispatchKeyGuard FatalError PRIVATE_OPS Tag ThroughputBenchmark USE_GLOBAL_DEPS
    USE_RTLD_GLOBAL_WITH_LIBTORCH classproperty compiled_with_cxx11_abi cpp get_file_path init_num_threads overrides
    prepare_multiprocessing_environment profiler_allow_cudagraph_cupti_lazy_reinit_cuda12 thread_safe_generator torch
    windows monitor hub`,
  ),
  entry(
    'torch',
    'not',
    'Apple, Intel and Meta accelerators: libtorch for Node has none of them',
    'mps mtia xpu',
  ),
  entry(
    'torch',
    'to come',
    'mixed precision: the scaling of gradients, which float16 needs, and its separate switches',
    'GradScaler *autocast*',
  ),
  entry(
    'torch',
    'to come',
    'anomaly detection',
    'is_anomaly_check_nan_enabled is_anomaly_enabled set_anomaly_enabled',
  ),
  entry('torch', 'to come', "Python's pickle files; `torch.serialization` has safetensors", 'load save'),
  entry(
    'torch',
    'to come',
    'devices: streams, events, and what CUDA graphs need',
    'AcceleratorError DeviceObjType Event Stream StreamObjType accelerator cpu get_device_module',
  ),
  entry('torch', 'to come', 'exchange of memory with other libraries', 'from_dlpack to_dlpack'),
  entry('torch', 'to come', 'function transforms', 'vmap func'),
  entry(
    'torch',
    'to come',
    'probability distributions and quasi-random numbers',
    'distributions quasirandom',
  ),
  entry('torch', 'to come', 'training on several machines', 'distributed'),
  entry(
    'torch',
    'to come',
    'quantized modules; quantized tensors are here',
    'ao quantization quantized_gru quantized_lstm',
  ),
  entry('torch', 'to come', 'ragged tensors with a Python front end', 'nested'),
  entry('torch', 'to come', 'a profiler', 'profiler'),
  entry('torch', 'to come', '`torch.testing.assertClose`', 'testing'),
  entry('torch', 'to come', '`torch.utils.data`, and checkpointing', 'utils'),

  // --- torch.Tensor ---
  entry(
    'torch.Tensor',
    'another form',
    'methods, since JavaScript has no operators for objects: `a.add(b)`, `a.mul_(b)`, `a.lt(b)`, `a.bitwiseAnd(b)`',
    `__abs__ __add__ __and__ __div__ __eq__ __floordiv__ __ge__ __gt__ __iadd__ __iand__ __idiv__ __ifloordiv__ __ilshift__
    __imod__ __imul__ __invert__ __ior__ __ipow__ __irshift__ __isub__ __itruediv__ __ixor__ __le__ __lshift__ __lt__
    __matmul__ __mod__ __mul__ __ne__ __neg__ __or__ __pos__ __pow__ __radd__ __rand__ __rdiv__ __rfloordiv__ __rlshift__
    __rmatmul__ __rmod__ __rmul__ __ror__ __rpow__ __rrshift__ __rshift__ __rsub__ __rtruediv__ __rxor__ __sub__ __truediv__
    __xor__`,
  ),
  entry(
    'torch.Tensor',
    'another form',
    '`x.item()`',
    '__bool__ __complex__ __float__ __index__ __int__ __long__ __nonzero__',
  ),
  entry(
    'torch.Tensor',
    'another form',
    "`x.at(0, '1:5')`, `x.setAt([0, '1:5'], value)`",
    '__getitem__ __setitem__',
  ),
  entry('torch.Tensor', 'another form', '`x.size(0)`', '__len__'),
  entry('torch.Tensor', 'another form', '`x.unbind()`', '__iter__'),
  entry('torch.Tensor', 'another form', '`x.flip(...)` of all dimensions', '__reversed__'),
  entry('torch.Tensor', 'another form', '`x.eq(value).any().item()`', '__contains__'),
  entry(
    'torch.Tensor',
    'another form',
    '`x.toString()`; elements are formatted by `x.item()`',
    '__repr__ __str__ __format__',
  ),
  entry('torch.Tensor', 'another form', '`x.clone()`', '__deepcopy__'),
  entry(
    'torch.Tensor',
    'another form',
    '`x.toTypedArray()`, and `torch.fromTypedArray`, which shares memory',
    '__array__ __array_wrap__ __array_priority__ numpy',
  ),
  entry(
    'torch.Tensor',
    'another form',
    '`x.toTypedArray()`, `x.dataPtr()`, `x.storageOffset()`, `x.nbytes`',
    'storage storage_type untyped_storage const_data_ptr',
  ),
  entry('torch.Tensor', 'another form', '`x.to(device)`', 'ipu mtia xpu'),
  entry(
    'torch.Tensor',
    'another form',
    '`torch.tensor`, `x.newTensor(...)`, `x.newEmpty(...)`',
    'new __new__ __init__',
  ),
  entry(
    'torch.Tensor',
    'not',
    "Python's own protocol of objects and classes, subclasses of tensors and pickling among it",
    `__annotations__ __class__ __delattr__ __delitem__ __dict__ __dir__ __doc__ __getattribute__ __getstate__ __hash__
    __init_subclass__ __module__ __reduce__ __reduce_ex__ __setattr__ __setstate__ __sizeof__ __subclasshook__
    __torch_dispatch__ __torch_function__ __weakref__ as_subclass`,
  ),
  entry(
    'torch.Tensor',
    'not',
    'deprecated: `x.reshape` and `x.expand`, or `x.resize_` in place',
    'resize resize_as',
  ),
  entry('torch.Tensor', 'not', 'a left-over: always `False`, and always `None`', 'volatile name'),
  entry('torch.Tensor', 'to come', 'gradients of another dtype than the tensor', 'grad_dtype'),
  entry('torch.Tensor', 'to come', 'devices: streams, events, and what CUDA graphs need', 'record_stream'),
  entry(
    'torch.Tensor',
    'to come',
    'exchange of memory with other libraries',
    '__cuda_array_interface__ __dlpack__ __dlpack_device__ __dlpack_c_exchange_api__',
  ),

  // --- torch.nn.functional ---
  entry(
    'torch.nn.functional',
    'not',
    'helpers of the Python module itself',
    'BroadcastingList* GRID_SAMPLE_* assert_int_or_pair boolean_dispatch handle_torch_function has_torch_function*',
  ),
  entry(
    'torch.nn.functional',
    'to come',
    'the kernels that convolutions differentiate with, by hand',
    'grad',
  ),

  // --- torch.sparse ---
  entry(
    'torch.sparse',
    'not',
    'the tensor types of old, which dtypes replaced',
    'BFloat16Tensor ByteTensor CharTensor DoubleTensor FloatTensor HalfTensor IntTensor LongTensor ShortTensor',
  ),
  entry(
    'torch.sparse',
    'another form',
    'always on here: without the check a wrong index writes to foreign memory',
    'check_sparse_tensor_invariants',
  ),
  entry('torch.sparse', 'to come', 'numerical checks of gradients', 'as_sparse_gradcheck'),
  entry(
    'torch.sparse',
    'to come',
    'semi-structured sparsity, which CUDA has',
    'SparseSemiStructured* semi_structured to_sparse_semi_structured',
  ),

  // --- torch.autograd ---
  entry('torch.autograd', 'another form', 'the functions of `torch.autograd` itself', 'grad_mode'),
  entry('torch.autograd', 'another form', '`torch.Tensor`', 'Variable variable'),
  entry('torch.autograd', 'another form', '`GradFunction`, which `x.gradFn` gives', 'graph'),
  entry(
    'torch.autograd',
    'not',
    'machinery behind the Python front end, which no program calls',
    'DeviceType NestedIOFunction SavedTensor handle_torch_function has_torch_function is_tensor_like is_view_replay_enabled kineto_available enforce_grad_layout_policy',
  ),
  entry('torch.autograd', 'another form', '`torch.autograd.Function` and `onceDifferentiable`', 'function'),
  entry('torch.autograd', 'to come', 'anomaly detection', 'anomaly_mode detect_anomaly set_detect_anomaly'),
  entry(
    'torch.autograd',
    'to come',
    'forward-mode derivatives, Jacobians and Hessians',
    'forward_ad functional',
  ),
  entry('torch.autograd', 'to come', 'numerical checks of gradients', 'gradcheck gradgradcheck'),
  entry('torch.autograd', 'to come', 'a profiler', 'Profiler* profiler profiler_legacy profiler_util'),
  entry(
    'torch.autograd',
    'to come',
    'backward on one thread',
    'is_multithreading_enabled set_multithreading_enabled',
  ),

  // --- torch.masked ---
  entry(
    'torch.masked',
    'to come',
    'tensors that carry a mask, a prototype in PyTorch; the functions with a `mask` are here',
    'MaskedTensor as_masked_tensor is_masked_tensor masked_tensor maskedtensor',
  ),

  // --- torch.random ---
  entry(
    'torch.random',
    'not',
    'machinery behind the Python front end, which no program calls',
    'thread_safe_generator',
  ),

  // --- torch.signal.windows ---
  entry('torch.signal.windows', 'not', "the Python module's own file", 'windows'),
];
