// The book's first job: counts the vehicles that pass a sensor, type by type.
//
//   sensor reader  --fields or shuffle grouping-->  vehicle counter  -->  results
#include <roads/road_options.hpp>
#include <streamwork/streamwork.hpp>
#include <vehicle_count/vehicle_counter.hpp>

int main(int argc, char** argv) {
  roads::RoadOptions options;
  sw::CommandLine command_line("vehicle_count", "Counts the vehicles that pass a sensor, type by type.");
  options.add_to(command_line);
  if (const auto exit_code = command_line.parse(argc, argv)) return *exit_code;

  sw::Job job{"vehicle_count"};
  const sw::Stream<roads::Vehicle> vehicles =
      roads::vehicles_from(job, "sensor reader", options.input, options.source_parallelism);
  const sw::Stream<VehicleCount> counts =
      options.by_fields()
          ? vehicles.key_by(&roads::Vehicle::type, options.instances()).apply("vehicle counter", VehicleCounter{})
          : vehicles.shuffle(options.instances()).apply("vehicle counter", ShuffledVehicleCounter{});

  roads::show_arrivals(vehicles, "SensorReader", options);
  roads::write_counts(counts, options);
  return sw::run(job, command_line);
}
