update location
set name = :name, address = :address, postcode = :postcode, ward = :ward, latitude = :latitude,
    longitude = :longitude, kind = :kind, setting = :setting, searched = :searched
where reference = :reference
