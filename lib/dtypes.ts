/** What of the dtypes is public. */
export {
  bfloat16, bits16, bits1x8, bits2x4, bits4x2, bits8, bool, cdouble, cfloat, complex32, complex64, complex128, DType,
  double, float, float4_e2m1fn_x2, float8_e4m3fn, float8_e4m3fnuz, float8_e5m2, float8_e5m2fnuz, float8_e8m0fnu,
  float16, float32, float64, getDefaultDtype, half, int, int8, int16, int32, int64, long, qint8, qint32, quint2x4,
  quint4x2, quint8, setDefaultDtype, short, uint8, uint16, uint32, uint64,
} from './dtype.js';
