#pragma once

/// The numbers of the fields of ONNX's messages (onnx.proto, version 1.12) that skein writes and reads.
namespace skein::sgd::onnx {

inline constexpr int float32_type = 1, uint8_type = 2, int64_type = 7;

namespace model {
inline constexpr int ir_version = 1, producer_name = 2, graph = 7, opset_import = 8, metadata = 14;
}
namespace opset {
inline constexpr int version = 2;
}
namespace property {
inline constexpr int key = 1, value = 2;
}
namespace graph {
inline constexpr int node = 1, name = 2, initializer = 5, input = 11, output = 12;
}
namespace node {
inline constexpr int input = 1, output = 2, name = 3, op_type = 4, attribute = 5;
}
namespace attribute {
inline constexpr int name = 1, whole = 3, type = 20;
inline constexpr int whole_type = 2;
}  // namespace attribute
namespace tensor {
inline constexpr int dims = 1, data_type = 2, name = 8, raw_data = 9;
}
namespace value_info {
inline constexpr int name = 1, type = 2;
}
namespace value_type {
inline constexpr int tensor = 1, element = 1, shape = 2;
}
namespace shape {
inline constexpr int dimension = 1, size = 1, symbol = 2;
}

}  // namespace skein::sgd::onnx
