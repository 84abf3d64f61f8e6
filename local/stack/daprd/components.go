// Package components is what our daprd can load. It takes the place of Dapr's own list, which links the clients of a
// hundred products; everything else of the binary is Dapr's, unchanged.
//
// Another version of Dapr: change it in go.mod, and see whether the stand-in there is still needed.
package components

import (
	"github.com/dapr/components-contrib/bindings/cron"
	"github.com/dapr/components-contrib/bindings/smtp"
	"github.com/dapr/components-contrib/nameresolution/nameformat"
	"github.com/dapr/components-contrib/pubsub/kafka"
	"github.com/dapr/components-contrib/secretstores/local/file"
	"github.com/dapr/components-contrib/state/redis"

	bindingsRegistry "github.com/dapr/dapr/pkg/components/bindings"
	namesRegistry "github.com/dapr/dapr/pkg/components/nameresolution"
	pubsubRegistry "github.com/dapr/dapr/pkg/components/pubsub"
	secretsRegistry "github.com/dapr/dapr/pkg/components/secretstores"
	stateRegistry "github.com/dapr/dapr/pkg/components/state"
)

func init() {
	pubsubRegistry.DefaultRegistry.RegisterComponent(kafka.NewKafka, "kafka")
	bindingsRegistry.DefaultRegistry.RegisterInputBinding(cron.NewCron, "cron")
	bindingsRegistry.DefaultRegistry.RegisterOutputBinding(smtp.NewSMTP, "smtp")
	stateRegistry.DefaultRegistry.RegisterComponent(redis.NewRedisStateStore, "redis")
	secretsRegistry.DefaultRegistry.RegisterComponent(file.NewLocalSecretStore, "local.file")
	namesRegistry.DefaultRegistry.RegisterComponent(nameformat.NewResolver, "nameformat")
}
