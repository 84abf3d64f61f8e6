// What daprd is built from, with its checksums in go.sum. Dapr's own go.mod and go.sum pin everything below it.
module todo/daprd

go 1.26.6

require github.com/dapr/dapr v1.18.3

// Stands in for v0.12.4, which Dapr names and not every module proxy serves. Workflows use it, and we have none.
require github.com/dapr/durabletask-go v0.12.2-0.20260720132056-79042da5fe61
