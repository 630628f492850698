// A Kafka broker for tests: the protocol as franz-go's own tests need it, kept on disk, synced at each produce.
package main

import (
	"fmt"
	"log"
	"os"
	"os/signal"
	"strconv"
	"syscall"

	"github.com/twmb/franz-go/pkg/kfake"
)

func main() {
	if len(os.Args) != 5 {
		log.Fatal("usage: broker PORT FOLDER TOPIC PARTITIONS")
	}
	port, err := strconv.Atoi(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	partitions, err := strconv.Atoi(os.Args[4])
	if err != nil {
		log.Fatal(err)
	}
	cluster, err := kfake.NewCluster(
		kfake.NumBrokers(1),
		kfake.Ports(port),
		kfake.DataDir(os.Args[2]),
		kfake.SyncWrites(),
		kfake.SeedTopics(int32(partitions), os.Args[3]),
	)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(cluster.ListenAddrs()[0])
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	<-signals
	cluster.Close()
}
