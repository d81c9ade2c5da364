module "catalog" {
  source = "../catalog"

  databases = {
    (local.names.catalog) = "Silver tables of the car telemetry"
    silver_data           = "Silver tables that the gold job reads"
    gold_data             = "Gold tables"
    nyc_taxi_catalog      = "Taxi trips, as uploaded and as processed"
  }

  crawlers = {
    (local.names.silver_crawler) = {
      description  = "Car telemetry, after the silver consolidation"
      database     = local.names.catalog
      bucket       = module.bucket["silver"].name
      prefix       = "car_telemetry/"
      table_prefix = "silver_"
    }
    (local.names.gold_crawler) = {
      description = "Gold tables, after the gold job"
      database    = "gold_data"
      bucket      = module.bucket["gold"].name
      prefix      = "gold/"
    }
    (local.names.taxi_crawler) = {
      description = "Uploaded taxi trips, after their processing"
      database    = "nyc_taxi_catalog"
      bucket      = module.bucket["raw"].name
      prefix      = var.uploads.prefix
    }
  }

  kms_key_arn = var.kms_key_arn
}

locals {
  bronze_table = "bronze_car_telemetry"
}

# Glue's bookmarks work on a table. It declares no columns: the silver job takes them from the files, which differ.
resource "aws_glue_catalog_table" "bronze" {
  name          = local.bronze_table
  description   = "Car telemetry as it arrives; the input of the silver consolidation"
  database_name = local.names.catalog
  table_type    = "EXTERNAL_TABLE"
  parameters    = { classification = "parquet", EXTERNAL = "TRUE" }
  depends_on    = [module.catalog]

  storage_descriptor {
    location      = "s3://${module.bucket["bronze"].name}/car_telemetry/"
    input_format  = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
    output_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"

    ser_de_info {
      serialization_library = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
      parameters            = { "serialization.format" = "1" }
    }
  }
}
