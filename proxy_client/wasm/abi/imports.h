// The host's functions as they are in the module's import section. Filters use the typed headers.
#pragma once

#include <cstddef>
#include <cstdint>

#include "types.h"

#define PROXY_WASM_IMPORT(name) __attribute__((import_module("env"), import_name(name)))
#define WASI_IMPORT(name) \
  __attribute__((import_module("wasi_snapshot_preview1"), import_name(name)))

namespace proxy::host {
extern "C" {

PROXY_WASM_IMPORT("proxy_log")
Status proxy_log(LogLevel level, const char* text, size_t size);
PROXY_WASM_IMPORT("proxy_get_log_level")
Status proxy_get_log_level(LogLevel* level);
PROXY_WASM_IMPORT("proxy_get_current_time_nanoseconds")
Status proxy_get_current_time_nanoseconds(uint64_t* time);
WASI_IMPORT("clock_time_get")
uint32_t clock_time_get(uint32_t clock, uint64_t precision, uint64_t* time);
WASI_IMPORT("random_get")
uint32_t random_get(void* bytes, size_t size);
PROXY_WASM_IMPORT("proxy_set_tick_period_milliseconds")
Status proxy_set_tick_period_milliseconds(uint32_t period);

PROXY_WASM_IMPORT("proxy_get_property")
Status proxy_get_property(const char* path, size_t path_size, char** value, size_t* value_size);
PROXY_WASM_IMPORT("proxy_set_property")
Status proxy_set_property(const char* path, size_t path_size, const char* value, size_t size);

PROXY_WASM_IMPORT("proxy_get_header_map_value")
Status proxy_get_header_map_value(HeaderMap map, const char* name, size_t name_size, char** value,
                                  size_t* value_size);
PROXY_WASM_IMPORT("proxy_add_header_map_value")
Status proxy_add_header_map_value(HeaderMap map, const char* name, size_t name_size,
                                  const char* value, size_t value_size);
PROXY_WASM_IMPORT("proxy_replace_header_map_value")
Status proxy_replace_header_map_value(HeaderMap map, const char* name, size_t name_size,
                                      const char* value, size_t value_size);
PROXY_WASM_IMPORT("proxy_remove_header_map_value")
Status proxy_remove_header_map_value(HeaderMap map, const char* name, size_t name_size);
PROXY_WASM_IMPORT("proxy_get_header_map_pairs")
Status proxy_get_header_map_pairs(HeaderMap map, char** pairs, size_t* size);
PROXY_WASM_IMPORT("proxy_get_header_map_size")
Status proxy_get_header_map_size(HeaderMap map, size_t* size);

PROXY_WASM_IMPORT("proxy_get_buffer_bytes")
Status proxy_get_buffer_bytes(Buffer buffer, size_t start, size_t length, char** bytes,
                              size_t* size);
PROXY_WASM_IMPORT("proxy_set_buffer_bytes")
Status proxy_set_buffer_bytes(Buffer buffer, size_t start, size_t length, const char* bytes,
                              size_t size);

PROXY_WASM_IMPORT("proxy_send_local_response")
Status proxy_send_local_response(uint32_t status, const char* details, size_t details_size,
                                 const char* body, size_t body_size, const char* headers,
                                 size_t headers_size, uint32_t grpc_status);
PROXY_WASM_IMPORT("proxy_continue_stream")
Status proxy_continue_stream(Direction direction);
PROXY_WASM_IMPORT("proxy_close_stream")
Status proxy_close_stream(Direction direction);
PROXY_WASM_IMPORT("proxy_set_effective_context")
Status proxy_set_effective_context(uint32_t context_id);

PROXY_WASM_IMPORT("proxy_done")
Status proxy_done();
PROXY_WASM_IMPORT("proxy_call_foreign_function")
Status proxy_call_foreign_function(const char* name, size_t name_size, const char* arguments,
                                   size_t arguments_size, char** results, size_t* results_size);

PROXY_WASM_IMPORT("proxy_http_call")
Status proxy_http_call(const char* cluster, size_t cluster_size, const char* headers,
                       size_t headers_size, const char* body, size_t body_size,
                       const char* trailers, size_t trailers_size, uint32_t timeout_ms,
                       Token* token);
PROXY_WASM_IMPORT("proxy_grpc_call")
Status proxy_grpc_call(const char* target, size_t target_size, const char* service,
                       size_t service_size, const char* method, size_t method_size,
                       const char* metadata, size_t metadata_size, const char* message,
                       size_t message_size, uint32_t timeout_ms, Token* token);
PROXY_WASM_IMPORT("proxy_grpc_cancel")
Status proxy_grpc_cancel(Token token);
PROXY_WASM_IMPORT("proxy_get_status")
Status proxy_get_status(uint32_t* code, char** message, size_t* size);

PROXY_WASM_IMPORT("proxy_define_metric")
Status proxy_define_metric(MetricKind kind, const char* name, size_t name_size, uint32_t* id);
PROXY_WASM_IMPORT("proxy_increment_metric")
Status proxy_increment_metric(uint32_t id, int64_t offset);
PROXY_WASM_IMPORT("proxy_record_metric")
Status proxy_record_metric(uint32_t id, uint64_t value);
PROXY_WASM_IMPORT("proxy_get_metric")
Status proxy_get_metric(uint32_t id, uint64_t* value);

PROXY_WASM_IMPORT("proxy_get_shared_data")
Status proxy_get_shared_data(const char* key, size_t key_size, char** value, size_t* value_size,
                             uint32_t* cas);
PROXY_WASM_IMPORT("proxy_set_shared_data")
Status proxy_set_shared_data(const char* key, size_t key_size, const char* value, size_t value_size,
                             uint32_t cas);
}
}  // namespace proxy::host
